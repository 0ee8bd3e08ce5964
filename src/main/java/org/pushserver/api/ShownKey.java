// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

/** The API key that the headers of a request show. Pure. */
public final class ShownKey {
  private static final String BEARER = "Bearer ";

  private ShownKey() {}

  /**
   * The key.
   *
   * @param authorization the header {@code Authorization}; null for none
   * @param apiKey the header {@code X-Api-Key}; null for none
   * @return null when neither shows one
   */
  public static String of(String authorization, String apiKey) {
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    return apiKey;
  }
}
