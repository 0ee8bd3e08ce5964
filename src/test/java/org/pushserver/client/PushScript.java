// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import static org.pushserver.fake.Await.PATIENCE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code bin/pushclient} of this checkout.
 *
 * @param path how it is called
 * @param environment variables that it is to have, besides those of this JVM
 * @param directory where it may leave what it prints
 */
record PushScript(Path path, Map<String, String> environment, Path directory) {
  static PushScript in(Path directory) {
    return new PushScript(Path.of("bin", "pushclient"), Map.of(), directory);
  }

  PushScript with(Map<String, String> more) {
    return new PushScript(path, more, directory);
  }

  PushScript calledAs(Path other) {
    return new PushScript(other, environment, directory);
  }

  /** Runs it to its end. */
  Ended run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(path.toString()));
    command.addAll(arguments);
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().remove("PUSHSERVER_API_KEY");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end: " + Files.readString(err));
      }
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
