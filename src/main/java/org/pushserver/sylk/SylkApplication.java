// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sylk;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;

/**
 * The type {@code sylk}: Sylk Mobile. An application type that is like it extends this class, gives
 * itself another {@link #name} and overrides what differs.
 */
public class SylkApplication implements ApplicationType {
  private static final List<Event> EVENTS =
      Stream.concat(Event.SYLK.stream(), Stream.of(Event.WAKE)).toList();

  @Override
  public String name() {
    return "sylk";
  }

  @Override
  public List<Event> events() {
    return EVENTS;
  }

  /** {@code incoming_conference} means the same as {@code incoming_conference_request}. */
  @Override
  public Optional<Event> event(String name) {
    return name.equals("incoming_conference")
        ? Optional.of(Event.INCOMING_CONFERENCE)
        : ApplicationType.super.event(name);
  }

  /** It has none; of a type that extends it, only that type knows. */
  @Override
  public Optional<List<Setting>> settings(PushServiceProvider service) {
    return getClass() == SylkApplication.class ? Optional.of(List.of()) : Optional.empty();
  }

  @Override
  public Optional<PayloadMaker> payloadMaker(String platform) {
    return switch (platform) {
      case AppKey.APPLE -> Optional.of(new SylkApple());
      case AppKey.FIREBASE -> Optional.of(new SylkFirebase());
      default -> Optional.empty();
    };
  }
}
