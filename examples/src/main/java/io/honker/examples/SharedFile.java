package io.honker.examples;

import io.honker.Honker;
import io.honker.channel.Channel;
import io.honker.channel.Listener;
import io.honker.queue.AwaitedResult;
import io.honker.queue.Worker;
import io.honker.sqlite.HonkerFunctions;
import io.honker.task.TaskArguments;
import io.honker.task.TaskQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The file as honker's users in Python, Node or Ruby know it: SQL functions on a plain connection,
 * task calls in honker's envelope. The other side here is plain JDBC; with any of honker's bindings
 * in its place nothing changes.
 */
public final class SharedFile {

  private SharedFile() {}

  public static void main(String[] args) throws Exception {
    Path file = Files.createTempDirectory("honker-shared").resolve("app.db");
    try (Honker honker = Honker.open(file);
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      HonkerFunctions.register(other);

      // Python: @db.task() def add(a, b): return a + b
      TaskQueue tasks = honker.tasks("default");
      tasks.register(
          "app.add",
          call -> call.argument(0, "a", Integer.class) + call.argument(1, "b", Integer.class));
      try (Worker worker = tasks.worker().start();
          Listener<String> orders = honker.channel("orders", String.class).listen()) {
        long fromSql =
            call(
                other,
                "SELECT honker_enqueue('default', ?, NULL, NULL, 0, 3, NULL)",
                "{\"__honker_task__\": {\"task\": \"app.add\", \"args\": [2], \"kwargs\": {\"b\":"
                    + " 3}}}");
        report("called through SQL", tasks.await(fromSql, Integer.class, Duration.ofSeconds(60)));
        long fromJava = tasks.call("app.add", TaskArguments.of(20, 22));
        report("called from Java", tasks.await(fromJava, Integer.class, Duration.ofSeconds(60)));

        call(other, "SELECT notify('orders', ?)", "\"new order\"");
        System.out.println("heard: " + orders.next(Duration.ofSeconds(60)).orElseThrow().payload());
        if (!worker.isRunning()) {
          throw new IllegalStateException("the worker stopped");
        }
      }
      Channel<String> answers = honker.channel("answers", String.class);
      answers.notify("thank you");
      try (PreparedStatement select =
              other.prepareStatement("SELECT payload FROM _honker_notifications ORDER BY id");
          ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          System.out.println("stored: " + rows.getString(1));
        }
      }
    }
    System.out.println("shared file: ok");
  }

  private static long call(Connection connection, String sql, String argument) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, argument);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static void report(String how, AwaitedResult<Integer> result) {
    System.out.println(how + ": " + result.status() + " " + result.value());
  }
}
