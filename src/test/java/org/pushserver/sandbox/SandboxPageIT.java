// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people see of the sandbox: its page, and the commands of sandbox.md. */
@Timeout(60)
class SandboxPageIT {
  @TempDir private Path directory;

  @RegisterExtension private final SandboxFixture fixture = new SandboxFixture(() -> directory);

  @Test
  void aBrowserGetsAPageAndAllOthersJson() throws Exception {
    assertEquals(
        "application/json",
        fixture.caller.control("GET", "/", "").headers().firstValue("content-type").orElseThrow());
    HttpResponse<String> page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + fixture.sandbox.controlPort()))
                    .header("accept", "text/html,*/*;q=0.8")
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(
        "text/html; charset=utf-8", page.headers().firstValue("content-type").orElseThrow());
    assertTrue(page.headers().firstValue("content-security-policy").isPresent());
    assertTrue(page.body().contains("What phones got"));
    // What strangers send is never made HTML of.
    assertFalse(page.body().contains("innerHTML"));
  }

  @Test
  void whatThePageOfTheSandboxTellsToAskWithCurlIsAnswered() throws Exception {
    Pattern curl =
        Pattern.compile(
            "^ {4}curl (?:-X (\\w+) )?'?http://127.0.0.1:8440(/[^' ]*)'?(?: -d '(.*)')?");
    int asked = 0;
    for (String line : Files.readAllLines(Path.of("src/docs/sandbox.md"))) {
      Matcher command = curl.matcher(line);
      if (command.find()) {
        String data = command.group(3) == null ? "" : command.group(3);
        String method =
            command.group(1) != null ? command.group(1) : data.isEmpty() ? "GET" : "POST";
        String path = command.group(2).replaceAll("timeout=\\d+", "timeout=0");
        int status = fixture.caller.control(method, path, data).statusCode();
        assertTrue(status == 200 || status == 204, status + " for " + line);
        asked++;
      }
    }
    assertTrue(asked >= 10, "only " + asked);
  }
}
