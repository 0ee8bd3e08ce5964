// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.pushserver.api.SampleRequest;

/** Spoils good requests, each in a way that leaves no doubt: it must be refused. */
final class Spoiler {
  private static final List<String> TEXTS =
      List.of("app-id", "platform", "token", "call-id", "from", "to", "event", "media-type");
  private static final List<String> NO_TEXT =
      List.of("{}", "[]", "true", "{\"a\": [1, {\"b\": null}]}", "[\"x\"]", "false");
  private static final List<String> NO_SILENT = List.of("{}", "\"maybe\"", "null", "7", "[1]");
  private static final List<String> NO_BADGE = List.of("{}", "\"many\"", "-1", "1.5", "1e400");
  private static final List<String> OPTIONAL =
      List.of("device-id", "account", "filetype", "content-type");
  private static final List<String> LONG = List.of("call-id", "from", "to", "token", "account");
  private static final byte[][] NOT_UTF8 = {
    {(byte) 0xff},
    {(byte) 0xc0, (byte) 0x80},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xe9},
    {(byte) 0xf8, (byte) 0x88, (byte) 0x80, (byte) 0x80, (byte) 0x80}
  };
  private static final String[] BROKEN_HTTP = {
    "nonsense\r\n\r\n",
    "\u0001\u0002\u0003x\r\n\r\n",
    "POST\r\n\r\n",
    "POST /push HTTP/1.1\r\nHost: door\r\nContent-Length: many\r\n\r\n",
    "POST /push HTTP/1.1\r\nHost: door\r\nContent-Length: -1\r\n\r\n",
    "POST /push HTTP/1.1\r\nHost: door\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "POST /push HTTP/1.1\r\nHost: door\r\nno colon here\r\n\r\n",
    "POST /push HTTP/1.1\r\nHost: door\r\nX\u0000Y: z\r\n\r\n",
    "POST /push HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    "POST /" + "x".repeat(6000) + " HTTP/1.1\r\nHost: door\r\n\r\n",
    "POST /push HTTP/1.1\r\nHost: door\r\nX: " + "x".repeat(9000) + "\r\n\r\n",
    "POST /%zz%00/..%2f HTTP/1.1\r\nHost: door\r\nContent-Length: 0\r\n\r\n",
    "BREW /push HTTP/1.1\r\nHost: door\r\nContent-Length: 0\r\n\r\n",
    "GET /\u00ff\u00fe HTTP/1.1\r\nHost: door\r\n\r\n",
  };

  private final Random random;

  Spoiler(Random random) {
    this.random = random;
  }

  /** A whole request that is broken already as HTTP, or asks for what is not there. */
  byte[] brokenHttp() {
    return pick(BROKEN_HTTP).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The body of a request that is no push. */
  byte[] body() {
    SampleRequest request = random.nextBoolean() ? SampleRequest.apple() : SampleRequest.firebase();
    return switch (random.nextInt(14)) {
      case 0 -> truncated(request.bytes());
      case 1 -> request.with(pick(TEXTS), pick(NO_TEXT)).bytes();
      case 2 -> request.with("silent", pick(NO_SILENT)).bytes();
      case 3 -> request.with("badge", pick(NO_BADGE)).bytes();
      case 4 -> request.withText(pick(LONG), "a".repeat(32_769 + random.nextInt(60_000))).bytes();
      case 5 -> request.withText(pick(OPTIONAL), spiked(control())).bytes();
      case 6 -> request.withText(pick(TEXTS), spiked("\r\nX-Evil: 1\r\n\r\n")).bytes();
      case 7 -> inserted(request.bytes(), new byte[] {rawControl()});
      case 8 -> inserted(request.bytes(), pick(NOT_UTF8));
      case 9 -> nested(request.toString(), 40 + random.nextInt(20_000));
      case 10 -> twice(request.toString(), pick(TEXTS));
      case 11 -> request.without(pick(TEXTS)).bytes();
      case 12 ->
          (request + pick(new String[] {"{}", "x", "]", "null", "\"", ","}))
              .getBytes(StandardCharsets.UTF_8);
      default -> noise();
    };
  }

  /** Bytes of a good request changed at random: whether it is still a push is anybody's guess. */
  byte[] flipped() {
    byte[] body = SampleRequest.apple().bytes();
    for (int times = 1 + random.nextInt(4); times > 0; times--) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
    }
    return body;
  }

  private byte[] truncated(byte[] body) {
    return Arrays.copyOf(body, random.nextInt(body.length));
  }

  private String spiked(String spike) {
    return "a".repeat(random.nextInt(5)) + spike + "b".repeat(random.nextInt(5));
  }

  private String control() {
    int control = random.nextInt(65);
    return Character.toString(control < 32 ? control : 0x7f + control - 32);
  }

  /** A control character that JSON takes nowhere, neither in strings nor between them. */
  private byte rawControl() {
    byte control = (byte) random.nextInt(32);
    return control == '\t' || control == '\n' || control == '\r' ? 0 : control;
  }

  private byte[] inserted(byte[] body, byte[] bytes) {
    int at = random.nextInt(body.length + 1);
    ByteArrayOutputStream spoilt = new ByteArrayOutputStream();
    spoilt.write(body, 0, at);
    spoilt.writeBytes(bytes);
    spoilt.write(body, at, body.length - at);
    return spoilt.toByteArray();
  }

  private byte[] nested(String body, int depth) {
    boolean list = random.nextBoolean();
    String deep = (list ? "[" : "{\"x\":").repeat(depth) + "1" + (list ? "]" : "}").repeat(depth);
    return body.replaceFirst("\\{", "{\"x\": " + deep + ", ").getBytes(StandardCharsets.UTF_8);
  }

  private byte[] twice(String body, String name) {
    String spelling = random.nextBoolean() ? name : name.replace('-', '_');
    return body.replaceFirst("\\{", "{\"" + spelling + "\": \"aa\", ")
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(500)];
    random.nextBytes(noise);
    return noise;
  }

  private String pick(List<String> choice) {
    return choice.get(random.nextInt(choice.size()));
  }

  private <T> T pick(T[] choice) {
    return choice[random.nextInt(choice.length)];
  }
}
