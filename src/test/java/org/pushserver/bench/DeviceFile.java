// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.IntFunction;
import org.pushserver.fake.ManyDevices;
import org.pushserver.push.AppKey;
import org.pushserver.tokenfile.DeviceLines;
import org.pushserver.tokens.StoredToken;

/**
 * A file of devices to be imported, the same each time: some that can be pushed to among others.
 */
final class DeviceFile {
  private DeviceFile() {}

  /**
   * Writes it.
   *
   * @param devices in all
   * @param reached so many of them stand in even distances, one of each account of {@link Posts}
   * @param names of the application, by turns of {@link Posts#DEVICES}
   */
  static void write(Path file, int devices, int reached, IntFunction<String> names)
      throws IOException {
    int distance = Math.max(1, devices / reached);
    try (DeviceLines lines =
        new DeviceLines(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20), true)) {
      for (int i = 0; i < Math.max(devices, reached); i++) {
        int own = i / distance;
        boolean isReached = i % distance == 0 && own < reached;
        lines.write(isReached ? reached(own, names) : ManyDevices.device(i));
      }
    }
  }

  private static StoredToken reached(int number, IntFunction<String> names) {
    return new StoredToken(
        Posts.account(number),
        new AppKey(names.apply(number / Posts.DEVICES), AppKey.APPLE),
        new UUID(1, number).toString(),
        Posts.device(number % Posts.DEVICES),
        null,
        true,
        "Example Phone/3.2.1 (iOS 19.1)",
        ManyDevices.BORN,
        ManyDevices.BORN);
  }
}
