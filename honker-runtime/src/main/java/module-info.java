/** What is the same for every store: loops, replay, schedules and codecs. */
@org.jspecify.annotations.NullMarked
module io.honker.runtime {
  requires transitive io.honker;
  requires org.slf4j;
  requires tools.jackson.databind;
  requires static org.jspecify;

  exports io.honker.runtime;
  exports io.honker.runtime.cron;
  exports io.honker.runtime.loop;
  exports io.honker.runtime.store;
}
