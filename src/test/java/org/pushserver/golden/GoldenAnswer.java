// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where what comes of a request differs from what was recorded, and why. The order is that of
 * applying. What differs in the notifications themselves stands in {@link GoldenDifference}.
 */
enum GoldenAnswer {
  ACCESS("acl/push-denied-invalid-body", "strangers do not learn what is wrong with a body") {
    @Override
    void change(GoldenExpected expected) {
      expected.refused(403);
      expected.description("access denied by access list");
      expected.noData();
    }
  },

  INPUT_CRASH(
      "validation/(body-array|body-array-of-pairs|body-null|platform-number)",
      "wrong input is the caller's mistake, not the server's") {
    @Override
    void change(GoldenExpected expected) {
      expected.refused(400);
    }
  },

  ROUTER(".*", "the caller gets the same shape of answer, whoever refuses") {
    @Override
    boolean concerns(GoldenCase recorded) {
      return recorded.answer().has("detail");
    }

    @Override
    void change(GoldenExpected expected) {
      expected.refused(expected.status());
    }
  },

  EVENT(".*", "an event that the type does not know is a bad field") {
    @Override
    boolean concerns(GoldenCase recorded) {
      return super.concerns(recorded)
          && recorded.status() == 404
          && recorded.answer().path("description").asText().contains("event");
    }

    @Override
    void change(GoldenExpected expected) {
      expected.refused(400);
    }
  },

  OWN_WORDS(".*", "messages name the field, its value and what is allowed") {
    @Override
    boolean concerns(GoldenCase recorded) {
      return (recorded.status() == 400 || recorded.status() == 404)
          && recorded.answer().path("data").isTextual()
          && !ACCESS.concerns(recorded);
    }

    @Override
    void change(GoldenExpected expected) {
      expected.refused(expected.status());
    }
  },

  CUSTOM_TYPE(
      "variants/custom-myapp-apple",
      "the recorded sample of a custom type was broken; ours, conf/applications/MyApp.java, works") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.APPLE);
      expected.topic("com.myapp.ios.voip");
    }
  },

  NAN("validation/body-nan", "NaN is not JSON") {
    @Override
    void change(GoldenExpected expected) {
      expected.refused(400);
    }
  },

  HOME("variants/home", "the product has a name of its own") {
    @Override
    void change(GoldenExpected expected) {
      expected.welcome();
    }
  },

  NO_TOKEN("validation/linphone-apple-empty-token", "an empty token reaches no device") {
    @Override
    void change(GoldenExpected expected) {
      expected.refused(400);
    }
  },

  TOKEN_PATH(
      "variants/apple-token-with-slash-space",
      "an Apple token is hex; anything else would be another path") {
    @Override
    void change(GoldenExpected expected) {
      expected.refused(400);
    }
  },

  SILENT(
      "validation/sylk-firebase-missing-silent",
      "silent is true unless said otherwise, for every type") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.FIREBASE);
    }
  },

  APPLE_SLASH(
      "variants/apple-trailing-slash", "a trailing slash is handled instead of redirected") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.APPLE);
    }
  },

  FIREBASE_SLASH("variants/firebase-trailing-slash", "as for Apple") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.FIREBASE);
    }
  },

  TOO_LARGE(
      "variants/apple-content-5000-bytes",
      "Apple takes 4096 bytes, which need not be sent to learn that") {
    @Override
    void change(GoldenExpected expected) {
      expected.answered(413);
      expected.data().put("reason", "PayloadTooLarge");
      expected.data().putObject("body").put("reason", "PayloadTooLarge");
      expected.nothingSent();
    }
  },

  APPLE_RETRIED(
      "pns/apns-(503-empty-body|refused-stream|429-.*)",
      "what may pass is tried again: an answer without a body, a stream that was not processed, 429") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.APPLE);
      expected.tries(2);
    }
  },

  APPLE_RENEWED(
      "pns/apns-403-ExpiredProviderToken",
      "a refused provider token is renewed once, and the push sent again") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.APPLE);
      expected.tries(2);
    }
  },

  APPLE_LAST_WORD(
      "pns/apns-503-503-then-200",
      "the last answer counts, not an earlier one that was not final") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.APPLE);
      expected.tries(3);
    }
  },

  APPLE_WORDS(".*", "what a reason means is explained in our own words") {
    @Override
    boolean concerns(GoldenCase recorded) {
      return (recorded.id().startsWith("pns/apns-4")
              || recorded.id().equals("pns/apns-503-then-410")
              || recorded.id().equals("variants/apple-content-5000-bytes"))
          && !APPLE_RETRIED.concerns(recorded)
          && !APPLE_RENEWED.concerns(recorded);
    }

    @Override
    void change(GoldenExpected expected) {
      String reason = expected.data().get("reason").textValue();
      expected.data().put("reason", reason.split(" - ", 2)[0] + " - " + GoldenExpected.OWN_WORDS);
    }
  },

  FIREBASE_PAGE(
      "pns/fcm-200-html",
      "a page is not Firebase's answer; what answers so may pass, and is asked again") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.FIREBASE);
      expected.tries(2);
    }
  },

  FIREBASE_NO_JSON("pns/fcm-200-empty-body", "200 without a text is delivered") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.FIREBASE);
      expected.firebase("null", 200, "OK", "OK");
    }
  },

  FIREBASE_NO_MESSAGE(
      "pns/fcm-400-error-no-message", "an error that lacks a message is an error, and no crash") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.FIREBASE);
      expected.answered(400);
      expected.firebase(
          "{\"error\": {\"code\": 400, \"status\": \"INVALID_ARGUMENT\"}}",
          400,
          "Bad Request",
          "Bad Request");
    }
  },

  NO_PHRASE_DEAD(
      "pns/fcm-400-token-empty-reason-phrase", "HTTP/2 has no reason phrases, and needs none") {
    @Override
    void change(GoldenExpected expected) {
      expected.like("pns/fcm-400-invalid-token");
    }
  },

  NO_PHRASE_RETRIED(
      "pns/fcm-500-empty-reason-phrase", "HTTP/2 has no reason phrases, and 500 is tried again") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.FIREBASE);
      expected.tries(2);
    }
  },

  SLOW(
      "pns/fcm-slow-20s-no-timeout",
      "no answer within request_timeout is tried again (all times are scaled down: 1 s and 2 s here)") {
    @Override
    void change(GoldenExpected expected) {
      expected.like(GoldenCase.FIREBASE);
      expected.tries(2);
    }
  };

  private final String ids;
  private final String reason;

  GoldenAnswer(String ids, String reason) {
    this.ids = ids;
    this.reason = reason;
  }

  abstract void change(GoldenExpected expected);

  boolean concerns(GoldenCase recorded) {
    return recorded.id().matches(ids);
  }

  /** Changes what was recorded into what we expect, and tells which were concerned. */
  static Set<GoldenAnswer> applyAll(GoldenCase recorded, GoldenExpected expected) {
    Set<GoldenAnswer> concerned = EnumSet.noneOf(GoldenAnswer.class);
    for (GoldenAnswer difference : values()) {
      if (difference.concerns(recorded)) {
        difference.change(expected);
        concerned.add(difference);
      }
    }
    return concerned;
  }

  @Override
  public String toString() {
    return name() + ": " + reason;
  }
}
