// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The generator that drives a door as hard as it can: wrk, with a fixed number of connections. */
final class Wrk {
  private static final int CONNECTIONS = 64;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path script;

  /**
   * @param script bench/push.lua
   */
  Wrk(Path script) {
    this.script = script;
  }

  /** Runs it; fails unless every answer was good. */
  Load run(int port, Posts posts, int seconds) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "--timeout", "10s"));
    command.addAll(List.of("-s", script.toString(), "http://127.0.0.1:" + port, "--"));
    command.addAll(posts.forWrk());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(seconds, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new BenchException("wrk failed:\n" + output);
    }
    return parse(output);
  }

  /** Reads the line of JSON that the script prints at the end. */
  static Load parse(String output) {
    JsonNode said =
        output
            .lines()
            .filter(line -> line.startsWith("{"))
            .findFirst()
            .map(Wrk::json)
            .orElseThrow(() -> new BenchException("wrk gave no result:\n" + output));
    long requests = said.path("requests").asLong();
    if (requests == 0 || said.path("errors").asLong(1) != 0) {
      throw new BenchException("not every answer to wrk was good:\n" + output);
    }
    return new Load(requests, TimeUnit.MICROSECONDS.toNanos(said.path("micros").asLong()));
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new BenchException("wrk's result cannot be read: " + line);
    }
  }
}
