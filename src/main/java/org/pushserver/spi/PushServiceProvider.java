// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.function.Consumer;

/**
 * A kind of push service: the {@code app_platform} of a section. Found by {@link
 * java.util.ServiceLoader}; one instance serves all its applications, so that they can share
 * credentials; thread safe.
 */
public interface PushServiceProvider {
  /** The value of {@code app_platform} that selects it, in lower case. */
  String platform();

  /**
   * Step 1 in the life of a {@link PushService}: reads and checks everything that it is configured
   * with, its files included, without opening a connection. Runs on a worker thread and may block.
   *
   * @param warnings takes what is worth telling the operator although the service can run
   * @throws ConfigException with everything that is wrong, when it cannot
   */
  PushService create(AppConfig config, Consumer<Problem> warnings) throws ConfigException;
}
