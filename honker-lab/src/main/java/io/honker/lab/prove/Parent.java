package io.honker.lab.prove;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The process that started this one. Each line to it is one unbuffered write: it is out when the
 * call returns, or not at all.
 */
final class Parent {

  private static final int ORPHANED = 3;

  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private volatile boolean stopping;

  Parent() {
    Thread reader = new Thread(this::read, "parent");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        stopping |= line.equals("stop");
        requests.add(line);
      }
    } catch (IOException e) {
      // as good as its end
    }
    if (!stopping) {
      Runtime.getRuntime().halt(ORPHANED);
    }
  }

  /** Whether the parent has asked for the end. */
  boolean isStopping() {
    return stopping;
  }

  /** The next line from the parent; "stop" is one of them. */
  String nextRequest() throws InterruptedException {
    return requests.take();
  }

  void tell(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (out) {
      try {
        out.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A step begins; see {@link Transcript}. */
  void begin(Object thread, String step, Object what) {
    tell("b " + thread + " " + step + " " + what);
  }

  /** A step has ended well. */
  void end(Object thread, String step, Object what) {
    tell("e " + thread + " " + step + " " + what);
  }

  /** Something worth knowing that is no step. */
  void note(String what, Object about) {
    tell("n " + what + " " + about);
  }
}
