// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;

/** Throws spoilt forms and contacts at the door: none breaks it. The seed is fixed. */
@Timeout(60)
class FormFuzzIT {
  private static final String CALL =
      "answer=form&call-id=1%40x&from=sip%3Aalice%40example.com&to=sip%3Abob%40example.com"
          + "&from-display-name=Zo%C3%AB%20%26+Sons&media-type=audio&event=incoming_session";

  private static final String ONE =
      CALL + "&app-id=com.example.phone&platform=firebase&token=" + SampleRequest.FCM_TOKEN;

  private static final String SEVERAL =
      CALL
          + "&ref=u1&contact=%3Csip%3Abob%40192.0.2.1%3Bpn-provider%3Dfcm%3Bpn-prid%3Dx%253Ay"
          + "%3Bpn-param%3Dcom.example.phone%3E%3B%2Bsip.instance%3D%22%3Curn%3Auuid%3A11%3E%22"
          + "&ref=u2&contact=%3Csip%3Abob%3Bpn-type%3Dios%3Bapp-id%3Dcom.example.phone"
          + "%3Bpn-tok%3D6688ff9c-71a883fe%3E";

  private static final List<String> PIECES =
      List.of(
          "%",
          "%0",
          "%zz",
          "%00",
          "%ff",
          "%C3",
          "&",
          "=",
          "+",
          "&&",
          "==",
          "\u00e4",
          "\0",
          "\n",
          "&ref=",
          "&contact=",
          "&contact=<",
          "&contact=\"",
          "&token=",
          "&event=cancel",
          ";",
          "%26",
          "%3D",
          "{",
          "[",
          "\"",
          "<",
          ">",
          "&answer=json",
          "&call_id=2",
          "&a=b",
          "%F0%9F%93%9E");

  private final Random random = new Random(20_261_130);

  @RegisterExtension
  private final TestIngress door = TestIngress.open(ScriptedDispatcher.withSamples());

  private String spoilt(String form) {
    StringBuilder spoilt = new StringBuilder(form);
    for (int count = 1 + random.nextInt(3); count > 0; count--) {
      int at = random.nextInt(spoilt.length());
      switch (random.nextInt(4)) {
        case 0 -> spoilt.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> spoilt.setCharAt(at, (char) random.nextInt(256));
        case 2 -> spoilt.delete(at, Math.min(spoilt.length() - 1, at + random.nextInt(20)));
        default -> spoilt.insert(at, spoilt.substring(random.nextInt(at + 1), at));
      }
    }
    return spoilt.toString();
  }

  private static void assertGoodAnswer(RawClient.Answer answer, String form) {
    String told = answer + " to " + form;
    assertTrue(answer.status() < 500, told);
    String body = answer.body();
    assertTrue(body.length() < 4096, told);
    assertTrue(US_ASCII.newEncoder().canEncode(body), told);
    assertTrue(body.chars().noneMatch(Character::isISOControl), told);
    assertTrue(
        body.startsWith("code=" + answer.status() + "&")
            || body.startsWith("{\"code\":" + answer.status() + ","),
        told);
    for (String pair : body.startsWith("{") ? new String[0] : body.split("&", -1)) {
      assertTrue(pair.matches("[a-z]+=.+"), told);
    }
  }

  @Test
  void spoiltFormsNeverBreakTheServer() throws IOException {
    try (RawClient client = new RawClient(door.port())) {
      for (int count = 0; count < 6_000; count++) {
        String form = spoilt(count % 2 == 0 ? ONE : SEVERAL);
        assertGoodAnswer(client.exchange(RawClient.post("/push", form.getBytes(ISO_8859_1))), form);
      }
    }
    assertTrue(door.dispatcher.pushes().size() > 1_000);
    assertTrue(
        door.dispatcher.pushes().stream()
            .noneMatch(push -> push.callId().chars().anyMatch(Character::isISOControl)));
  }

  @Test
  void aFormThatIsNoMoreThanItsBeginningIsAnswered() throws IOException {
    try (RawClient client = new RawClient(door.port())) {
      for (int length = 1; length <= SEVERAL.length(); length++) {
        String form = SEVERAL.substring(0, length);
        assertGoodAnswer(client.exchange(RawClient.post("/push", form.getBytes(ISO_8859_1))), form);
      }
    }
  }

  @Test
  void aFormOfAsManyNamesAsFitIsRefusedAndNoMore() throws IOException {
    byte[] form = new byte[64 * 1024];
    Arrays.fill(form, (byte) '&');
    form[0] = 'a';
    form[1] = '=';
    try (RawClient client = new RawClient(door.port())) {
      assertEquals(400, client.exchange(RawClient.post("/push", form)).status());
      StringBuilder names = new StringBuilder("a=1");
      for (int i = 0; names.length() < 60_000; i++) {
        names.append("&n").append(i).append('=');
      }
      byte[] many = names.toString().getBytes(ISO_8859_1);
      assertTrue(
          client.exchange(RawClient.post("/push", many)).body().contains("more than 256 names"));
      byte[] contacts = ("a=1" + "&contact=x".repeat(200)).getBytes(ISO_8859_1);
      assertTrue(
          client
              .exchange(RawClient.post("/push", contacts))
              .body()
              .contains("names 200 devices; at most 16"));
    }
    assertEquals(0, door.dispatcher.pushes().size());
  }
}
