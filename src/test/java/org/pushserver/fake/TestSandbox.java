// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/**
 * A sandbox with the keys of the first one of this JVM, as if it had been started in that place
 * before: new keys cost a busy machine seconds, for each test. Any thread.
 */
public final class TestSandbox {
  private static final String FILE = "secrets.json";

  /** Null until there is one. */
  private static byte[] secrets;

  private TestSandbox() {}

  /** As {@link Sandbox#start}. */
  public static Future<Sandbox> start(Vertx vertx, SandboxOptions options) {
    Path file = options.directory().resolve(FILE);
    prepare(file);
    return Sandbox.start(vertx, options).onSuccess(started -> keep(file));
  }

  private static synchronized void prepare(Path file) {
    if (secrets != null && !Files.exists(file)) {
      try {
        Files.createDirectories(file.getParent());
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, secrets);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static synchronized void keep(Path file) {
    if (secrets == null) {
      try {
        secrets = Files.readAllBytes(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
