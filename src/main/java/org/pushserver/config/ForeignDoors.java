// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.pushserver.spi.Problem.Severity;

/**
 * {@code [doors]} of general.ini: what others may send in their own way. Immutable.
 *
 * @param open in the order of {@link ForeignDoor}
 * @param applications by the door, the application of requests that name none
 * @param patience how long a sender is kept waiting for the end of its push
 */
public record ForeignDoors(
    Set<ForeignDoor> open, Map<ForeignDoor, String> applications, Duration patience) {
  /** What holds when the file says nothing. */
  public static final ForeignDoors SHUT =
      new ForeignDoors(Set.of(), Map.of(), Duration.ofSeconds(10));

  /** Those whose requests do not always name an application. */
  static final Set<ForeignDoor> NAMELESS =
      EnumSet.of(ForeignDoor.GORUSH, ForeignDoor.MONGOOSEPUSH, ForeignDoor.MATTERMOST);

  public ForeignDoors {
    open = Set.copyOf(open);
    applications = Map.copyOf(applications);
    Objects.requireNonNull(patience, "patience");
  }

  /** Whether there is none to be opened. */
  public boolean areShut() {
    return open.isEmpty();
  }

  /** The application of requests at this door that name none; null when they have to. */
  public String application(ForeignDoor door) {
    return applications.get(door);
  }

  static ForeignDoors read(SectionReader in) {
    Set<ForeignDoor> open = EnumSet.noneOf(ForeignDoor.class);
    Map<ForeignDoor, String> applications = new EnumMap<>(ForeignDoor.class);
    for (ForeignDoor door : ForeignDoor.values()) {
      if (in.flag(door.key(), false)) {
        open.add(door);
      }
    }
    for (ForeignDoor door : NAMELESS) {
      in.text(door.applicationKey()).ifPresent(name -> applications.put(door, name));
    }
    if (open.contains(ForeignDoor.MATTERMOST)
        && !applications.containsKey(ForeignDoor.MATTERMOST)) {
      in.report(
          Severity.WARNING,
          ForeignDoor.MATTERMOST.applicationKey(),
          "it is missing; Mattermost does not say which application a push is for, so all of its"
              + " pushes fail until this names the app_id");
    }
    return new ForeignDoors(
        open, applications, in.seconds("wait", SHUT.patience, Severity.WARNING));
  }
}
