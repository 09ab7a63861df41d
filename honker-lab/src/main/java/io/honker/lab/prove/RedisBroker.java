package io.honker.lab.prove;

import io.honker.brokers.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Redis with a log of all writes, synced before each answer. */
final class RedisBroker extends Broker {

  private static final Pattern USED = Pattern.compile("used_memory:([0-9]+)");
  private static final int BYTES_PER_EVENT = 600;

  /** What commands of a few hundred events take while they are read. */
  private static final long BUFFERS = 1_000_000;

  private final RedisClient client;

  RedisBroker(String kind, Path folder) {
    super(kind, new RedisServer(folder));
    this.client = RedisClient.create();
  }

  /** Runs commands on a connection of its own. */
  private <T> T on(Function<RedisCommands<String, String>, T> commands) {
    try (var connection = client.connect(RedisURI.create(uri()))) {
      return commands.apply(connection.sync());
    }
  }

  @Override
  long entries(String log) {
    return on(redis -> redis.xlen("honker:{" + log + "}"));
  }

  @Override
  Path data() {
    return folder().resolve("appendonlydir");
  }

  @Override
  List<Refusal> refusals() {
    return List.of(new OutOfMemory(), new WithoutRights());
  }

  private final class OutOfMemory implements Refusal {

    @Override
    public String name() {
      return "maxmemory reached";
    }

    @Override
    public void begin(String log, int events) {
      Matcher used = USED.matcher(on(redis -> redis.info("memory")));
      if (!used.find()) {
        throw new ProofFailedException("the server does not tell its memory");
      }
      long limit = Long.parseLong(used.group(1)) + (long) BYTES_PER_EVENT * events + BUFFERS;
      on(redis -> redis.configSet("maxmemory", Long.toString(limit)));
    }

    @Override
    public void end(String log) {
      on(redis -> redis.configSet("maxmemory", "0"));
    }
  }

  private final class WithoutRights implements Refusal {

    @Override
    public String name() {
      return "the right to run scripts taken away";
    }

    @Override
    public void begin(String log, int events) {
      acl("-eval", "-evalsha");
    }

    @Override
    public void end(String log) {
      acl("+eval", "+evalsha");
    }

    private void acl(String... rules) {
      CommandArgs<String, String> arguments =
          new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add("default");
      for (String rule : rules) {
        arguments.add(rule);
      }
      on(redis -> redis.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments));
    }
  }

  @Override
  public void close() {
    client.shutdown();
    super.close();
  }
}
