package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.channel.Channel;
import java.util.List;

/** Notifies so many times, alone and in transactions. Arguments: file, channel, count. */
final class NotifyRole implements Role {

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    int count = Integer.parseInt(arguments.get(2));
    try (Honker honker = Honker.open(arguments.get(0))) {
      Channel<Integer> channel = honker.channel(arguments.get(1), Integer.class);
      for (int i = 0; i < count; i++) {
        int payload = i;
        if (i % 8 == 0) {
          honker.inTransaction(tx -> channel.notify(tx, payload));
        } else {
          channel.notify(payload);
        }
        if (i % 100 == 0) {
          parent.note("sent", i);
        }
      }
    }
    parent.tell("done " + count);
  }
}
