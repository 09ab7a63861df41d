package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.lock.HeldLock;
import io.honker.queue.Worker;
import java.util.List;

/** Holds a lock and all the room of a limited queue until it is killed; tells so line by line. */
final class LockRole implements Role {

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    try (Honker honker = Honker.open(arguments.get(0));
        HeldLock lock =
            honker.locks().tryLock(KillLock.LOCK, KillLock.lockOptions()).orElseThrow()) {
      parent.tell(Long.toString(lock.fencingToken()));
      Worker worker =
          KillLock.queue(honker)
              .worker(
                  job -> {
                    parent.note("running", job.id());
                    parent.nextRequest(); // which never comes
                  })
              .concurrency(KillLock.LIMIT + 1)
              .start();
      parent.nextRequest();
      worker.close();
    }
  }
}
