package io.honker.lab.prove;

import java.util.LinkedHashMap;
import java.util.Map;

/** Runs one case and prints its verdict as the last line; the exit code says the same. */
public final class Prove {

  private static final Map<String, Case> CASES = cases();

  private Prove() {}

  private static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("kill-enqueue", new KillEnqueue());
    cases.put("kill-claim", new KillClaim());
    cases.put("kill-handler", new KillHandler());
    cases.put("kill-ack", new KillAck());
    cases.put("kill-lock", new KillLock());
    cases.put("stream", new KillStream());
    cases.put("notify", new NotifyCase());
    cases.put("leader", new LeaderCase());
    cases.put("processes", new ProcessesCase());
    cases.put("datasource", new DataSourceCase());
    cases.put("hibernate-kill", new HibernateKill());
    cases.put("hibernate-threads", new HibernateThreads());
    cases.put("leaks", new LeaksCase());
    cases.put("bridge-redis", new BridgeFaults(Broker.REDIS));
    cases.put("bridge-nats", new BridgeFaults(Broker.NATS));
    cases.put("bridge-lost", new BridgeLost());
    cases.put("bridge-down", new BridgeDown());
    cases.put("bridge-mesh", new BridgeMesh());
    cases.put("bridge-refused", new BridgeRefused());
    cases.put("bridge-redis-bytes", new BridgeBytes(Broker.REDIS));
    cases.put("bridge-nats-bytes", new BridgeBytes(Broker.NATS));
    return cases;
  }

  /**
   * Runs the case named by the first argument.
   *
   * @param args the case and its options, as {@code bin/prove} documents them
   */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String[] args) {
    Settings settings;
    Case chosen;
    try {
      settings = Settings.parse(args);
      chosen = CASES.get(settings.caseName());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    if (chosen == null) {
      System.err.println("unknown case " + settings.caseName() + "; known are " + CASES.keySet());
      return 2;
    }
    System.out.println(settings.caseName() + ": seed " + settings.seed());
    Verdict verdict = prove(chosen, settings);
    System.out.println(verdict);
    return verdict.exitCode();
  }

  private static Verdict prove(Case chosen, Settings settings) {
    Faults faults = new Faults(settings.seed());
    Workspace workspace = Workspace.create(settings.caseName());
    Verdict verdict = Verdict.FAILED;
    try {
      chosen.prove(settings, faults, workspace);
      verdict = Verdict.of(settings.caseName(), chosen, settings, faults);
    } catch (InterruptedException e) {
      verdict = Verdict.failed(settings.caseName(), "interrupted");
    } catch (ProofFailedException e) {
      verdict = Verdict.failed(settings.caseName(), e.getMessage());
    } catch (Exception e) {
      e.printStackTrace();
      verdict = Verdict.failed(settings.caseName(), e.toString());
    } finally {
      if (verdict.exitCode() == 0) {
        workspace.delete();
      } else {
        System.out.println("kept: " + workspace.folder());
      }
    }
    return verdict;
  }
}
