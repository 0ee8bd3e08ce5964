// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.pushserver.sandbox.FcmRules.Violation;

/** Errors in the shape of google.rpc.Status. Pure. */
final class FcmErrors {
  private static final String FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
  private static final String BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest";

  /** The usual FCM error code for an HTTP status. */
  private static final Map<Integer, String> USUAL =
      Map.of(
          400, "INVALID_ARGUMENT",
          401, "UNAUTHENTICATED",
          403, "SENDER_ID_MISMATCH",
          404, "UNREGISTERED",
          429, "QUOTA_EXCEEDED",
          500, "INTERNAL",
          503, "UNAVAILABLE");

  /** google.rpc.Code's name for an HTTP status. */
  private static final Map<Integer, String> STATUS =
      Map.of(
          400, "INVALID_ARGUMENT",
          401, "UNAUTHENTICATED",
          403, "PERMISSION_DENIED",
          404, "NOT_FOUND",
          429, "RESOURCE_EXHAUSTED",
          500, "INTERNAL",
          503, "UNAVAILABLE");

  private static final Map<String, String> MESSAGES =
      Map.of(
          // FCM tells a bad token from a bad request by this sentence alone.
          "INVALID_ARGUMENT", "The registration token is not a valid FCM registration token",
          "UNREGISTERED", "Requested entity was not found.");

  private FcmErrors() {}

  /** Fields of the request are wrong. */
  static StandInAnswer violations(List<Violation> violations) {
    JsonArray fields = new JsonArray();
    violations.forEach(
        violation ->
            fields.add(
                new JsonObject()
                    .put("field", violation.field())
                    .put("description", violation.description())));
    Violation first = violations.get(0);
    String message = "Invalid value at '" + first.field() + "' " + first.description();
    return error(
        400,
        "INVALID_ARGUMENT",
        message,
        new JsonObject().put("@type", BAD_REQUEST).put("fieldViolations", fields));
  }

  /** An error that is not FCM's own: credentials, project. */
  static StandInAnswer plain(int status, String message) {
    return error(status, STATUS.get(status), message, null);
  }

  /**
   * An error of FCM's own.
   *
   * @param errorCode null for the usual one; 401 UNAUTHENTICATED has no details, as at Google
   */
  static StandInAnswer fcm(int status, String errorCode) {
    String code = errorCode == null ? USUAL.getOrDefault(status, "UNSPECIFIED_ERROR") : errorCode;
    String message = MESSAGES.getOrDefault(code, "The sandbox was told to answer " + code + ".");
    if (code.equals("UNAUTHENTICATED") || code.equals("PERMISSION_DENIED")) {
      return plain(status, message);
    }
    return error(
        status, code, message, new JsonObject().put("@type", FCM_ERROR).put("errorCode", code));
  }

  private static StandInAnswer error(int status, String reason, String message, JsonObject detail) {
    JsonObject error =
        new JsonObject()
            .put("code", status)
            .put("message", message)
            .put("status", STATUS.getOrDefault(status, "UNKNOWN"));
    if (detail != null) {
      error.put("details", new JsonArray().add(detail));
    }
    return new StandInAnswer(
        status,
        reason,
        Map.of("content-type", "application/json; charset=UTF-8"),
        new JsonObject().put("error", error).encode());
  }
}
