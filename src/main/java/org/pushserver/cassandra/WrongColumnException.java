// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

/** A table is there, but not as it has to be. The message names the column. */
final class WrongColumnException extends Exception {
  private static final long serialVersionUID = 1L;

  WrongColumnException(String message) {
    super(message);
  }
}
