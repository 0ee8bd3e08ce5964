// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import java.util.List;
import java.util.Objects;

/**
 * The event of a push, by its wire name. Application types declare the events that they understand;
 * the constants are those of the sylk type.
 *
 * @param name the name on the wire, such as {@code incoming_session}
 * @param kind what it asks of the phone
 */
public record Event(String name, Kind kind) {
  /** Somebody calls. */
  public static final Event INCOMING_SESSION = new Event("incoming_session", Kind.RING);

  /** Somebody is invited to a conference. */
  public static final Event INCOMING_CONFERENCE =
      new Event("incoming_conference_request", Kind.RING);

  /** The caller has given up, or somebody has answered. */
  public static final Event CANCEL = new Event("cancel", Kind.CANCEL);

  /** Somebody has written. */
  public static final Event MESSAGE = new Event("message", Kind.MESSAGE);

  /** Somebody has sent a file. */
  public static final Event TRANSFER = new Event("transfer", Kind.TRANSFER);

  /** Not one of {@link #SYLK}: only types say so whose apps can be woken. */
  public static final Event WAKE = new Event("wake", Kind.WAKE);

  /** All of these, in the order in which messages to users list them. */
  public static final List<Event> SYLK =
      List.of(INCOMING_SESSION, INCOMING_CONFERENCE, CANCEL, MESSAGE, TRANSFER);

  public Event {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
  }

  @Override
  public String toString() {
    return name;
  }
}
