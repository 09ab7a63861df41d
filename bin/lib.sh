# Sourced by the scripts in bin/: finding tools, and counting what could not run without them.

skipped=0

say() { printf '== %s\n' "$*"; }

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# skip <reason>: one line and one more in the count; with CI=true nothing may be missing.
skip() {
  if [[ "${CI:-}" == true ]]; then
    die "missing, and CI=true: $*"
  fi
  skipped=$((skipped + 1))
  printf 'skip: %s\n' "$*"
}

# absent <script>: a program of this repository that is not written yet; counted, never a failure.
absent() {
  skipped=$((skipped + 1))
  printf 'skip: %s is not written yet\n' "$1"
}

has() { command -v "$1" > /dev/null 2>&1; }

# java_major <java home>: its major version, or nothing.
java_major() {
  "$1/bin/java" -XshowSettings:properties -version 2>&1 \
    | sed -n 's/^ *java\.specification\.version = \([0-9][0-9]*\).*/\1/p'
}

# default_java_home: the home of the JDK that Maven will use.
default_java_home() {
  if [[ -n "${JAVA_HOME:-}" ]]; then
    printf '%s\n' "$JAVA_HOME"
    return
  fi
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

# newer_java_home <java home>: of the JDKs in the folder beside it, the newest that is newer.
newer_java_home() {
  local home dir major best='' best_major
  home=$(cd "$1" && pwd -P)
  best_major=$(java_major "$home")
  for dir in "$(dirname "$home")"/*/; do
    dir=${dir%/}
    [[ -x "$dir/bin/javac" && ! -L "$dir" ]] || continue
    major=$(java_major "$dir")
    if [[ -n "$major" && "$major" -gt "$best_major" ]]; then
      best=$dir
      best_major=$major
    fi
  done
  printf '%s' "$best"
}

# need_build_tools: a JDK 17 or later and Maven. Nothing runs without them, so they are not skipped.
need_build_tools() {
  local home major
  if [[ -z "${JAVA_HOME:-}" ]] && ! has java; then
    die "no java: install a JDK 17 (on Debian: apt-get install openjdk-17-jdk)"
  fi
  home=$(default_java_home)
  major=$(java_major "$home")
  if [[ ! -x "$home/bin/javac" || -z "$major" || "$major" -lt 17 ]]; then
    die "the default java is not a JDK of version 17 or later: $home"
  fi
  has mvn || die "no mvn: install Maven 3.8.7 or later (on Debian: apt-get install maven)"
}

# find_honker_node: sets and exports HONKER_NODE_MODULE to the folder of honker's Node module.
find_honker_node() {
  local script="$root/bin/honker-node"
  if [[ ! -x "$script" ]]; then
    absent bin/honker-node
  elif ! has node || ! has npm; then
    skip "tests beside honker for Node: no node or npm"
  elif HONKER_NODE_MODULE=$("$script"); then
    export HONKER_NODE_MODULE
  else
    unset HONKER_NODE_MODULE
    skip "tests beside honker for Node: bin/honker-node could not install the module"
  fi
}
