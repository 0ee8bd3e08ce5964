// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Locale;

/**
 * What an answer that is no success says, as far as it decides what becomes of the push. Empty text
 * stands for what the answer does not have.
 *
 * @param code of FCM's own error detail, such as {@code UNREGISTERED}
 * @param status of Google's common error, such as {@code NOT_FOUND}
 * @param message for humans
 * @param hasViolations whether it complains about fields of the request
 */
record FcmError(String code, String status, String message, boolean hasViolations) {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final FcmError NONE = new FcmError("", "", "", false);
  private static final String FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError";

  /** Reads an answer of any kind; what it is not made for is read as an answer without an error. */
  static FcmError of(Buffer body) {
    JsonNode error = read(body).path("error");
    if (error.isTextual()) {
      return new FcmError("", "", error.textValue(), false);
    }
    String code = "";
    boolean violations = false;
    for (JsonNode detail : error.path("details")) {
      if (detail.path("@type").asText().equals(FCM_ERROR)) {
        code = detail.path("errorCode").asText("");
      }
      violations |= !detail.path("fieldViolations").isEmpty();
    }
    return new FcmError(
        code, error.path("status").asText(""), error.path("message").asText(""), violations);
  }

  /** The error of the one result in a legacy answer with status 200. */
  static FcmError ofLegacy(Buffer body) {
    JsonNode result = read(body).path("results").path(0).path("error");
    return result.isTextual() ? new FcmError(result.textValue(), "", "", false) : NONE;
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
    return code.equals("INVALID_ARGUMENT")
        && !hasViolations
        && message.toLowerCase(Locale.ROOT).contains("registration token");
  }
}
