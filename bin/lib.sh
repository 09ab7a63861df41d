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

# need_servers: the brokers that the transports' tests start on ports of their own, and openssl for
# their certificates. Root installs what is missing on Debian, without a service being started;
# others skip those tests.
need_servers() {
  local program missing=()
  for program in redis-server nats-server openssl; do
    has_server "$program" || missing+=("$program")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ "$(id -u)" == 0 ]] && has apt-get; then
    say "installing ${missing[*]}"
    install_packages "${missing[@]}" || true
  fi
  for program in "${missing[@]}"; do
    has_server "$program" \
      || skip "tests with $program: it is not installed (on Debian, as root: apt-get install $program)"
  done
}

has_server() { has "$1" || [[ -x "/usr/sbin/$1" ]]; }

# install_packages <package>...: the log is shown only if that fails. A policy keeps Debian from
# starting services; it is taken away again, and where systemd runs they are not started at boot.
install_packages() (
  policy=/usr/sbin/policy-rc.d
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  if [[ ! -e "$policy" ]]; then
    trap 'rm -f "$log" "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive
  wait_for_lock=(-o DPkg::Lock::Timeout=120)
  apt-get "${wait_for_lock[@]}" update < /dev/null > "$log" 2>&1 || true # perhaps one source only
  if ! apt-get "${wait_for_lock[@]}" install -y --no-install-recommends "$@" \
    < /dev/null >> "$log" 2>&1; then
    tail -n 5 "$log" >&2
    exit 1
  fi
  if [[ -d /run/systemd/system ]]; then
    for package in "$@"; do
      systemctl disable --now "$package" > /dev/null 2>&1 || true # openssl has no service
    done
  fi
)

# lab_classpath: sets lab_classpath to the class path of the programs in honker-lab, built first if a
# source is newer than the last build. Two callers at a time build one after the other.
lab_classpath() {
  local file="$root/honker-lab/target/class-path" stamp="$root/honker-lab/target/class-path.stamp"
  local log="$root/honker-lab/target/class-path.log"
  mkdir -p "$root/honker-lab/target"
  exec 8< "$root/honker-lab/target"
  ! has flock || flock 8
  if ! lab_is_built "$file" "$stamp"; then
    need_build_tools
    say "building honker-lab and what it stands on" >&2
    touch "$stamp.new" # before the build: what is edited meanwhile counts as newer
    if ! (cd "$root" && mvn -q -ntp -B -pl honker-lab -am -DskipTests -Dspotless.check.skip package) \
      < /dev/null > "$log" 2>&1 8<&-; then
      cat "$log" >&2
      die "the build of honker-lab failed; its output is in $log"
    fi
    mv "$stamp.new" "$stamp"
  fi
  exec 8<&-
  # shellcheck disable=SC2034 # for the script that sourced this file
  lab_classpath="$root/honker-lab/target/classes:$(< "$file")"
}

# lab_is_built <class path file> <stamp>: whether all of it is there, and no source newer than it.
lab_is_built() {
  local file=$1 stamp=$2 entries entry
  [[ -s "$file" && -e "$stamp" && -d "$root/honker-lab/target/classes" ]] || return 1
  IFS=: read -r -a entries < "$file" || true
  for entry in "${entries[@]}"; do
    [[ -e "$entry" ]] || return 1
  done
  # Folders too: they show that a file went away.
  [[ -z "$(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src/main -newer "$stamp" -print -quit)" ]]
}

# cli_jar: sets cli_jar to the runnable jar of honker-cli, built first if a source is newer than it.
cli_jar() {
  local target="$root/honker-cli/target" version log
  version=$(sed -n '0,/<version>/s/.*<version>\(.*\)<\/version>.*/\1/p' "$root/pom.xml")
  cli_jar="$target/honker-cli-$version-all.jar"
  log="$target/bin-honker.log"
  ! cli_is_built "$cli_jar" || return 0
  mkdir -p "$target"
  exec 8< "$target"
  ! has flock || flock 8
  if ! cli_is_built "$cli_jar"; then
    need_build_tools
    say "building honker-cli and what it stands on" >&2
    if ! (cd "$root" && mvn -q -ntp -B -pl honker-cli -am -DskipTests -Dspotless.check.skip package) \
      < /dev/null > "$log" 2>&1 8<&-; then
      cat "$log" >&2
      die "the build of honker-cli failed; its output is in $log"
    fi
    touch "$cli_jar"
  fi
  exec 8<&-
}

# cli_is_built <jar>: whether it is there, and no source of what is in it newer.
cli_is_built() {
  local modules=("$root"/honker-{api,runtime,sqlite,cli} "$root"/transport-{redis,nats})
  [[ -s "$1" ]] || return 1
  # Folders too: they show that a file went away.
  [[ -z "$(find "$root/pom.xml" "${modules[@]/%//pom.xml}" "${modules[@]/%//src/main}" \
    -newer "$1" -print -quit)" ]]
}
