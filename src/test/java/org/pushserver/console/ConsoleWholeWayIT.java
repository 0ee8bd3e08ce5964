// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;
import org.pushserver.config.KeyHash;
import org.pushserver.fake.Browser;
import org.pushserver.observe.ObservedServer;

/** From the request of a PBX to the page that says why a phone did not ring. */
@Timeout(120)
class ConsoleWholeWayIT {
  @RegisterExtension static final Browser BROWSER = new Browser();

  private static final String KEY = "ps_of_the_desk";
  private static final String CALL = "4711@pbx.example.com";

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();

  private static HttpRequest.Builder request(ObservedServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .header("Authorization", "Bearer " + KEY);
  }

  private HttpResponse<String> send(HttpRequest request) {
    return await(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
  }

  private int ring(ObservedServer server, String platform, String device, String token) {
    String push =
        """
        {"app-id": "com.example.phone", "platform": "%s", "token": "%s", "device-id": "%s",
         "event": "incoming_session", "call-id": "%s", "media-type": "audio",
         "from": "sip:alice@example.com", "to": "sip:bob@example.com"}
        """
            .formatted(platform, token, device, CALL);
    return send(request(server, "/push").POST(HttpRequest.BodyPublishers.ofString(push)).build())
        .statusCode();
  }

  @Test
  void aCallIsFoundByItsIdAndSaysWhyOneOfTwoPhonesDidNotRing() throws Exception {
    Path keys = directory.resolve("keys");
    String hash = HexFormat.of().formatHex(new KeyHash().of(KEY));
    Files.writeString(keys, "desk " + hash + " com.example.phone push,search,console\n");
    try (ObservedServer server =
        new ObservedServer(
            directory.resolve("server"),
            "host = 127.0.0.1",
            "trail = yes",
            "state_dir = state",
            "api_keys = " + keys)) {
      assertEquals(200, ring(server, "firebase", "tablet-of-bob", "tablet"));
      assertEquals(410, ring(server, "apple", "iphone-of-bob", "bad0".repeat(16)));
      HttpRequest ended = request(server, "/v3/calls/" + CALL).build();
      until(
          () -> send(ended).body().split("\"ended-at\"", -1).length == 3, () -> send(ended).body());
      BROWSER.open(URI.create("http://127.0.0.1:" + server.port() + "/console"));
      BROWSER.find("#key").sendKeys(KEY);
      BROWSER.follow("#login");
      BROWSER.find("#q").sendKeys(CALL);
      BROWSER.follow("#go");
      assertEquals("2 pushes found, by call-id", BROWSER.find("#found").getText());
      BROWSER.follow("#ladder");
      WebElement refused =
          BROWSER.all("article.push").stream()
              .filter(push -> push.getText().contains("iphone-of-bob"))
              .findFirst()
              .orElseThrow();
      assertTrue(refused.getText().contains("What to do:"), refused::getText);
      assertTrue(refused.getText().contains("does not know this token"), refused::getText);
      String steps = BROWSER.find("#steps").getText();
      assertTrue(steps.contains("attempt 1"), steps);
      assertTrue(steps.contains("BadDeviceToken"), steps);
      assertTrue(steps.contains("answer 200"), steps);
      BROWSER.zone("Europe/Zurich");
      BROWSER.width(1080);
      BROWSER.open(URI.create("http://127.0.0.1:" + server.port() + "/console/applications"));
      BROWSER.picture("console-applications", 720);
    }
  }
}
