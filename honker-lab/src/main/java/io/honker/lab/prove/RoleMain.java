package io.honker.lab.prove;

import java.util.List;
import java.util.Map;

/** Where a child process begins. */
public final class RoleMain {

  private static final Map<String, Role> ROLES =
      Map.ofEntries(
          Map.entry("bridge", new BridgeRole()),
          Map.entry("publish", new PublishRole()),
          Map.entry("enqueue", new EnqueueRole()),
          Map.entry("hibernate", new HibernateRole()),
          Map.entry("claim", new ClaimRole()),
          Map.entry("handle", new HandleRole()),
          Map.entry("stream", new StreamRole()),
          Map.entry("notify", new NotifyRole()),
          Map.entry("ack", new AckRole()),
          Map.entry("lock", new LockRole()),
          Map.entry("leader", new LeaderRole()),
          Map.entry("producer", new ProducerRole()),
          Map.entry("worker", new WorkerRole()),
          Map.entry("contender", new ContenderRole()));

  private RoleMain() {}

  /**
   * Plays the role named by the first argument.
   *
   * @param args the role and its arguments
   * @throws Exception whatever ends the role before its time
   */
  public static void main(String[] args) throws Exception {
    Role role = ROLES.get(args[0]);
    if (role == null) {
      throw new IllegalArgumentException("no role " + args[0]);
    }
    role.play(List.of(args).subList(1, args.length), new Parent());
    System.exit(0);
  }
}
