// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import java.util.Map;

/**
 * What the phone is told about the call, message or file. Text is null when the request had none.
 *
 * @param from SIP address of the caller
 * @param fromDisplayName the caller's name
 * @param to SIP address of the callee
 * @param mediaType one of {@code audio video image chat sms file-transfer}, already reduced from a
 *     list
 * @param silent whether the app wakes without an alert
 * @param reason why a call was cancelled
 * @param badge the number on the app's icon
 * @param account for a conference: the account that is invited
 * @param filename for a transfer
 * @param filetype for a transfer: MIME type
 * @param content for a message
 * @param contentType for a message: MIME type
 * @param extra further fields of the request, names with dashes, objects and arrays as JSON text;
 *     empty unless the application type asks for them
 */
public record Details(
    String from,
    String fromDisplayName,
    String to,
    String mediaType,
    boolean silent,
    String reason,
    int badge,
    String account,
    String filename,
    String filetype,
    String content,
    String contentType,
    Map<String, String> extra) {

  public Details {
    extra = Map.copyOf(extra);
  }

  /**
   * Nothing but the fields that everybody knows.
   *
   * @param from SIP address of the caller
   * @param fromDisplayName the caller's name
   * @param to SIP address of the callee
   * @param mediaType as above
   * @param silent whether the app wakes without an alert
   * @param reason why a call was cancelled
   * @param badge the number on the app's icon
   * @param account for a conference: the account that is invited
   * @param filename for a transfer
   * @param filetype for a transfer: MIME type
   * @param content for a message
   * @param contentType for a message: MIME type
   */
  public Details(
      String from,
      String fromDisplayName,
      String to,
      String mediaType,
      boolean silent,
      String reason,
      int badge,
      String account,
      String filename,
      String filetype,
      String content,
      String contentType) {
    this(
        from,
        fromDisplayName,
        to,
        mediaType,
        silent,
        reason,
        badge,
        account,
        filename,
        filetype,
        content,
        contentType,
        Map.of());
  }
}
