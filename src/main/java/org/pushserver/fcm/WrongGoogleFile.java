// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Recognises the files that are taken for a service account's by mistake. Pure; nothing of a file's
 * content is in what it says.
 */
final class WrongGoogleFile {
  private static final String INSTEAD =
      "; needed is the key of a service account: Firebase console, Project settings, Service"
          + " accounts, Generate new private key";
  private static final int LOOKED_AT = 2048;

  private WrongGoogleFile() {}

  /** What a file is that is no JSON; null when it may be. */
  static String notJson(byte[] content) {
    if (content.length == 0) {
      return "is empty" + INSTEAD;
    }
    String start =
        new String(content, 0, Math.min(content.length, LOOKED_AT), StandardCharsets.ISO_8859_1)
            .strip()
            .toLowerCase(Locale.ROOT);
    if (start.startsWith("-----begin ")) {
      return "is PEM, not JSON: a key or certificate alone" + INSTEAD;
    }
    if (start.startsWith("<") && start.contains("plist")) {
      return "is GoogleService-Info.plist, which belongs into the iOS app" + INSTEAD;
    }
    if (start.startsWith("<")) {
      return "is a web page, not JSON" + INSTEAD;
    }
    return content[0] == 0x30 && content.length > 1 && (content[1] & 0x80) != 0
        ? "is a binary key (.p12)" + INSTEAD + " as JSON"
        : null;
  }

  /** What an object is that is no service account; null when it may be. */
  static String otherJson(JsonNode root) {
    if (root.has("project_info") && root.has("client")) {
      return "is google-services.json, which belongs into the Android app" + INSTEAD;
    }
    if (root.has("installed") || root.has("web")) {
      return "is an OAuth client of Google's, for people who log in" + INSTEAD;
    }
    return switch (root.path("type").asText("service_account")) {
      case "service_account" -> null;
      case "authorized_user" -> "are the credentials of a person (gcloud)" + INSTEAD;
      case "external_account" ->
          "is a workload identity federation, which is not supported" + INSTEAD;
      default -> "is no service account file: its field type is not service_account" + INSTEAD;
    };
  }
}
