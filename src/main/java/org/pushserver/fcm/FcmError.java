// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * What an answer that is no success says, as far as it decides what becomes of the push. Empty text
 * stands for what the answer does not have.
 *
 * @param code of FCM's own error detail, such as {@code UNREGISTERED}
 * @param status of Google's common error, such as {@code NOT_FOUND}
 * @param message for humans
 * @param violations what fields of the request it complains about
 */
record FcmError(String code, String status, String message, Violations violations) {
  /** Fields of the request that the service does not take. */
  enum Violations {
    NONE,
    /** The registration token, whatever else. */
    TOKEN,
    OTHER
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  static final FcmError NONE = new FcmError("", "", "", Violations.NONE);
  private static final String TOKEN_FIELD = "message.token";
  private static final String INVALID_ARGUMENT = "INVALID_ARGUMENT";
  private static final String FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError";

  /** Reads an answer of any kind; what it is not made for is read as an answer without an error. */
  static FcmError of(Buffer body) {
    JsonNode error = read(body).path("error");
    if (error.isTextual()) {
      return new FcmError("", "", error.textValue(), Violations.NONE);
    }
    String code = "";
    Violations violations = Violations.NONE;
    for (JsonNode detail : error.path("details")) {
      if (detail.path("@type").asText().equals(FCM_ERROR)) {
        code = detail.path("errorCode").asText("");
      }
      violations = max(violations, violations(detail.path("fieldViolations")));
    }
    return new FcmError(
        code, error.path("status").asText(""), error.path("message").asText(""), violations);
  }

  private static Violations max(Violations one, Violations other) {
    return one == Violations.TOKEN || other == Violations.NONE ? one : other;
  }

  private static Violations violations(JsonNode fields) {
    Violations found = Violations.NONE;
    for (JsonNode field : fields) {
      boolean token = field.path("field").asText("").equals(TOKEN_FIELD);
      found = max(found, token ? Violations.TOKEN : Violations.OTHER);
    }
    return found;
  }

  /**
   * What a success says against itself, as gateways do that answer 200 whatever comes of it.
   *
   * @return empty when it says nothing
   */
  static Optional<FcmError> within(Buffer body) {
    JsonNode error = read(body).path("error");
    return error.isEmpty() && error.asText("").isBlank() ? Optional.empty() : Optional.of(of(body));
  }

  /** The status that such an error claims for itself; 0 when it claims none that is an error's. */
  static int claimedStatus(Buffer body) {
    int claimed = read(body).path("error").path("code").asInt(0);
    return claimed >= 400 && claimed <= 599 ? claimed : 0;
  }

  /** Whether it is JSON, or nothing at all. */
  static boolean isReadable(Buffer body) {
    return body.length() == 0 || body.toString().isBlank() || !read(body).isMissingNode();
  }

  /** The error of the one result in a legacy answer with status 200. */
  static FcmError ofLegacy(Buffer body) {
    JsonNode result = read(body).path("results").path(0).path("error");
    return result.isTextual() ? new FcmError(result.textValue(), "", "", Violations.NONE) : NONE;
  }

  private static JsonNode read(Buffer body) {
    try {
      return JSON.readTree(body.getBytes());
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }

  /** Whether it says that the registration token is none: the one 400 that is about the device. */
  boolean namesToken() {
    return violations == Violations.TOKEN
        || (violations == Violations.NONE
            && code.equals(INVALID_ARGUMENT)
            && message.toLowerCase(Locale.ROOT).contains("registration token"));
  }
}
