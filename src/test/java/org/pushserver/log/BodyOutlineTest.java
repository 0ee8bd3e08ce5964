// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyOutlineTest {
  private static final String TOKEN = "6688ff9c" + "0".repeat(56);

  @Test
  void ofARequestTheNamesAreShownAndWhatSaysHowItIsHandled() {
    assertEquals(
        "{\"app-id\":\"com.example.phone\",\"token\":\"6688ff9c...\",\"call_id\":\"a84b4c@pbx\","
            + "\"from\":\"(21 characters)\",\"from-display-name\":\"(5 characters)\","
            + "\"event\":\"message\",\"content\":\"(2 characters)\",\"badge\":1,\"silent\":true,"
            + "\"number\":\"(number)\",\"reason\":null}",
        BodyOutline.ofPush(
            ("{\"app-id\": \"com.example.phone\", \"token\": \"%s\", \"call_id\": \"a84b4c@pbx\","
                    + " \"from\": \"sip:alice@example.com\", \"from-display-name\": \"Alice\","
                    + " \"event\": \"message\", \"content\": \"hi\", \"badge\": 1, \"silent\": true,"
                    + " \"number\": 4930123, \"reason\": null}")
                .formatted(TOKEN)));
  }

  @Test
  void ofANotificationTheShapeIsShown() {
    assertEquals(
        "{\"aps\":{\"alert\":{\"title\":\"(5 characters)\",\"body\":\"(10 characters)\"},"
            + "\"sound\":\"default\",\"content-available\":1},\"list\":[\"(1 characters)\",\"(number)\","
            + "{\"event\":\"x\"}]}",
        BodyOutline.ofPush(
            "{\"aps\":{\"alert\":{\"title\":\"Alice\",\"body\":\"From alice\"},\"sound\":\"default\","
                + "\"content-available\":1},\"list\":[\"a\",1,{\"event\":\"x\"}]}"));
  }

  @Test
  void ofAnAnswerItsReasonIsShownAndNoToken() {
    assertEquals(
        "{\"code\":410,\"description\":\"push notification response\",\"data\":{\"body\":"
            + "{\"reason\":\"Unregistered\",\"timestamp\":1454948015990},\"url\":"
            + "\"https://api.push.apple.com/3/device/6688ff9c...\",\"token\":\"6688ff9c...\"}}",
        BodyOutline.ofAnswer(
            ("{\"code\":410,\"description\":\"push notification response\",\"data\":{\"body\":"
                    + "{\"reason\":\"Unregistered\",\"timestamp\":1454948015990},\"url\":"
                    + "\"https://api.push.apple.com/3/device/%s\",\"token\":\"%s\"}}")
                .formatted(TOKEN, TOKEN)));
    assertEquals(
        "{\"error\":{\"code\":400,\"message\":\"no 6688ff9c... here\",\"status\":\"INVALID_ARGUMENT\"},"
            + "\"message\":\"(7 characters)\",\"echo\":{\"message\":\"(2 characters)\"}}",
        BodyOutline.ofAnswer(
            ("{\"error\":{\"code\":400,\"message\":\"no %s here\",\"status\":\"INVALID_ARGUMENT\"},"
                    + "\"message\":\"private\",\"echo\":{\"message\":\"hi\"}}")
                .formatted(TOKEN)));
    assertEquals(
        "{\"name\":\"projects/p/messages/0:1500415314455276%31bd1c9631bd1c96\"}",
        BodyOutline.ofAnswer(
            "{\"name\":\"projects/p/messages/0:1500415314455276%31bd1c9631bd1c96\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'' ; ''",
        "private words; (13 characters, no JSON)",
        "'{\"content\": \"private'; (20 characters, no JSON)",
        "<xml a=\"private\"/>; (18 characters, no JSON)",
        "from=sip%3Aalice%40x&event=message&content=a+b&x; from=(11"
            + " characters)&event=message&content=(3 characters)&x=",
        "token=0123456789abc&from=%zz; token=01234567...&from=(3 characters)"
      })
  void whateverItIsNobodyReadsWhatSomebodyWrote(String body, String shown) {
    assertEquals(shown, BodyOutline.ofPush(body));
  }

  @Test
  void namesAndValuesAreBounded() {
    String shown = BodyOutline.ofPush("{\"" + "n".repeat(100) + "\": \"x\"}");
    assertEquals("{\"nnnnnnnn...(100 characters)\":\"(1 characters)\"}", shown);
    shown = BodyOutline.ofPush("{\"reason\": \"" + "a b ".repeat(50) + "\"}");
    assertEquals("{\"reason\":\"" + "a b ".repeat(25) + "...(200 characters)\"}", shown);
    shown = BodyOutline.ofPush("{" + "\"a\":1,".repeat(5000) + "\"b\":1}");
    assertTrue(shown.length() <= Secrets.LONGEST_BODY + 1, shown);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a:443/3/device/voiptoken, https://a:443/3/device/voiptoke...",
    "https://a/3/device/t, https://a/3/device/...",
    "https://fcm.googleapis.com/v1/projects/my-project-12345/messages:send, "
        + "https://fcm.googleapis.com/v1/projects/my-project-12345/messages:send",
    "https://x/push/0123456789abcdef0123456789abcdef/send?key=1, https://x/push/01234567.../send?..."
  })
  void ofAnAddressNoTokenAndNoQueryIsShown(String url, String shown) {
    assertEquals(shown, BodyOutline.url(url));
  }
}
