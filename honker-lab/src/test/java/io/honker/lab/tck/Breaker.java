package io.honker.lab.tck;

import io.honker.Honker;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A thin wrapper around a real store that gets one thing wrong. */
interface Breaker {

  /** A call on its way to the real thing. */
  interface Call {
    @Nullable Object proceed() throws Throwable;
  }

  /** Passes a call on, or does not, or changes its result. */
  @Nullable Object around(
      Object target, Method method, @Nullable Object @Nullable [] arguments, Call call)
      throws Throwable;

  /** A Honker whose own calls and whose queues' calls go through this. */
  default Honker wrap(Honker real) {
    return proxy(Honker.class, real);
  }

  private <T> T proxy(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              Object result =
                  around(real, method, arguments, () -> invoke(real, method, arguments));
              return result instanceof JobQueue<?> queue ? proxy(JobQueue.class, queue) : result;
            }));
  }

  private static @Nullable Object invoke(
      Object target, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Loses every job that is enqueued alone, after it said that it has it. */
  static Breaker losesJobs() {
    return (target, method, arguments, call) -> {
      Object result = call.proceed();
      if (method.getName().equals("enqueue") && arguments != null && arguments.length == 1) {
        ((JobQueue<?>) target).cancel((Long) result);
      }
      return result;
    };
  }

  /** Hands the jobs of each claim out a second time. */
  static Breaker deliversTwice() {
    AtomicReference<List<?>> last = new AtomicReference<>(List.of());
    return (target, method, arguments, call) -> {
      if (!method.getName().equals("claim")) {
        return call.proceed();
      }
      List<?> again = last.getAndSet(List.of());
      Object fresh = again.isEmpty() ? call.proceed() : null;
      if (fresh instanceof Optional<?> job) {
        last.set(job.stream().toList());
        return job;
      }
      if (fresh instanceof List<?> jobs) {
        last.set(jobs);
        return jobs;
      }
      return method.getReturnType() == Optional.class ? again.stream().findFirst() : again;
    };
  }

  /** Returns claimed jobs in order of id. */
  static Breaker ignoresPriority() {
    return (target, method, arguments, call) -> {
      Object result = call.proceed();
      if (!method.getName().equals("claim") || !(result instanceof List<?> claimed)) {
        return result;
      }
      List<Job<?>> jobs = new ArrayList<>();
      claimed.forEach(job -> jobs.add((Job<?>) job));
      jobs.sort(Comparator.comparingLong(Job::id));
      return jobs;
    };
  }

  /** Wraps what the application throws. */
  static Breaker wrapsExceptions() {
    return (target, method, arguments, call) -> {
      try {
        return call.proceed();
      } catch (Exception e) {
        throw method.getName().equals("inTransaction") ? new IllegalStateException(e) : e;
      }
    };
  }

  /** Never says that a key is taken. */
  static Breaker ignoresUniqueKeys() {
    AtomicInteger counter = new AtomicInteger();
    return (target, method, arguments, call) -> {
      if (method.getName().equals("enqueueUnique") && arguments != null && arguments.length == 3) {
        arguments[0] = arguments[0] + " " + counter.incrementAndGet();
      }
      return call.proceed();
    };
  }

  /** Leaves a thread behind. */
  static Breaker leaksAThread(Runnable untilStopped) {
    return (target, method, arguments, call) -> {
      if (method.getName().equals("close") && target instanceof Honker) {
        Thread left = new Thread(untilStopped, "honker-left-behind");
        left.setDaemon(true);
        left.start();
      }
      return call.proceed();
    };
  }

  /** Gets nothing wrong. */
  static Breaker none() {
    return (target, method, arguments, call) -> call.proceed();
  }
}
