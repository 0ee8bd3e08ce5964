// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.pushserver.fake.TestAccount;

/**
 * The push services' end: nghttpd, which serves a file for each device and each project. So cheap
 * that it is never what is measured.
 */
final class Sink implements Closeable {
  /** No push of any program here is smaller on the wire. */
  private static final int LEAST_BYTES = 200;

  private static final int STREAMS = 1000;
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final int port;
  private final Child child;

  private Sink(int port, Child child) {
    this.port = port;
    this.child = child;
  }

  /** Makes the files that are posted to. */
  static Path files(Path dir) throws IOException {
    Path root = dir.resolve("sink");
    Path devices = Files.createDirectories(root.resolve("3/device"));
    for (int i = 0; i < Posts.DEVICES; i++) {
      Files.writeString(devices.resolve(Posts.device(i)), "");
    }
    Path project = Files.createDirectories(root.resolve("v1/projects/" + TestAccount.PROJECT));
    Files.writeString(
        project.resolve("messages:send"),
        "{\"name\":\"projects/" + TestAccount.PROJECT + "/messages/1\"}");
    return root;
  }

  /**
   * Starts it, and returns when it listens.
   *
   * @param certificate with its key
   */
  static Sink start(Path dir, Path files, Path certificate, int port)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "nghttpd",
            "--address=127.0.0.1",
            "--htdocs=" + files,
            "--max-concurrent-streams=" + STREAMS,
            Integer.toString(port),
            certificate.toString(),
            certificate.toString());
    Child child = Child.start("sink " + port, dir, Map.of(), command);
    child.awaitPort(port);
    return new Sink(port, child);
  }

  int port() {
    return port;
  }

  /** Bytes that came in so far. */
  long bytes() throws IOException {
    return child.files().bytesRead();
  }

  /**
   * Fails unless so many pushes can have come in since. Who was told 202 is ahead of his push, so
   * some are waited for.
   */
  void verify(String sender, long pushes, long bytesBefore) throws IOException {
    long end = System.nanoTime() + LATE_NANOS;
    long bytes = bytes() - bytesBefore;
    while (bytes < pushes * LEAST_BYTES && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE_NANOS);
      bytes = bytes() - bytesBefore;
    }
    if (bytes < pushes * LEAST_BYTES) {
      throw new BenchException(
          sender
              + " says it delivered "
              + pushes
              + " pushes, but the sink read "
              + bytes
              + " bytes");
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
