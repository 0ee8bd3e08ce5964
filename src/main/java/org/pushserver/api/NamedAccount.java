// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

/**
 * The account that a request names in its body, where it has no path to name it in. Immutable.
 *
 * @param name as received
 * @param device the device-id that it names, as received; null when it names none
 */
public record NamedAccount(String name, String device) {
  /**
   * Reads it.
   *
   * @throws RequestRefused 400 when the request is no JSON object, or names no account
   */
  public static NamedAccount of(IncomingPush asked) {
    RequestFields request = JsonReader.read(asked.body(), asked.policy().json());
    FieldReader fields = new FieldReader(request);
    if (!fields.isFilled(Field.ACCOUNT)) {
      throw RequestRefused.badRequest("field required: " + Field.ACCOUNT.wireName());
    }
    return new NamedAccount(
        fields.text(Field.ACCOUNT),
        request.has(Field.DEVICE_ID) ? fields.text(Field.DEVICE_ID) : null);
  }
}
