// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

/** A template cannot be used; the message says where and why. */
final class TemplateException extends Exception {
  private static final long serialVersionUID = 1L;

  TemplateException(String message) {
    super(message);
  }
}
