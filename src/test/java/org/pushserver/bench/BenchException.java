// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

/** The benchmark cannot go on, or what it measured counts for nothing; the message says why. */
final class BenchException extends RuntimeException {
  BenchException(String message) {
    super(message);
  }
}
