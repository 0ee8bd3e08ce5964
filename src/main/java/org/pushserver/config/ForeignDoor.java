// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

/** A door for what others send in their own way. */
public enum ForeignDoor {
  FLEXISIP,
  FLEXIAPI,
  MATRIX,
  GORUSH,
  MONGOOSEPUSH,
  MATTERMOST;

  /** The key of {@code [doors]} that opens it. */
  public String key() {
    return KeyNames.lower(name());
  }

  /** The key of {@code [doors]} for the application of requests that name none. */
  public String applicationKey() {
    return key() + "_app";
  }
}
