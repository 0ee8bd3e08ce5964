// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.util.List;
import java.util.Objects;

/**
 * One application that the sandbox knows, and that its configuration directory has a section for.
 *
 * @param section the label of the section
 * @param appId the {@code app_id}
 * @param type the {@code app_type}
 * @param platform {@code apple} or {@code firebase}
 * @param credentials what the section authenticates with
 */
public record SandboxApp(
    String section, String appId, String type, String platform, Credentials credentials) {

  /** What a section authenticates with. */
  public enum Credentials {
    /** Apple: a provider token made with a {@code .p8} key. Firebase: a service account. */
    TOKEN,
    /** Apple: a client certificate. Not for Firebase. */
    CERTIFICATE,
    /** Firebase: the legacy server key. Not for Apple. */
    LEGACY_KEY
  }

  /** The sections of a sandbox that is told nothing else. */
  public static final List<SandboxApp> DEFAULTS =
      List.of(
          apple("sylk-apple", "com.example.phone", "sylk"),
          firebase("sylk-firebase", "com.example.phone", "sylk"),
          apple("linphone-apple", "com.example.linphone", "linphone"),
          firebase("linphone-firebase", "com.example.linphone", "linphone"));

  public SandboxApp {
    Objects.requireNonNull(section, "section");
    Objects.requireNonNull(appId, "appId");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(credentials, "credentials");
    boolean apple = platform.equals("apple");
    if (!apple && !platform.equals("firebase")) {
      throw new IllegalArgumentException("platform: " + platform);
    }
    if (credentials == (apple ? Credentials.LEGACY_KEY : Credentials.CERTIFICATE)) {
      throw new IllegalArgumentException(platform + " has no " + credentials);
    }
  }

  /** An Apple application with a provider token. */
  public static SandboxApp apple(String section, String appId, String type) {
    return new SandboxApp(section, appId, type, "apple", Credentials.TOKEN);
  }

  /** A Firebase application with a service account. */
  public static SandboxApp firebase(String section, String appId, String type) {
    return new SandboxApp(section, appId, type, "firebase", Credentials.TOKEN);
  }

  boolean isApple() {
    return platform.equals("apple");
  }

  /** The bundle ID that its notifications carry in {@code apns-topic}, suffixes aside. */
  String bundleId() {
    for (String stage : List.of(".dev", ".prod")) {
      if (appId.endsWith(stage)) {
        return appId.substring(0, appId.length() - stage.length());
      }
    }
    return appId;
  }
}
