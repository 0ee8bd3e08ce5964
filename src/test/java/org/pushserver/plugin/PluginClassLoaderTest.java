// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pushserver.push.Push;

class PluginClassLoaderTest {
  private static final byte[] NO_CLASS = {1, 2, 3};

  @Test
  void aPluginCannotBringItsOwnVersionOfTheServersClasses() throws Exception {
    PluginClassLoader loader =
        new PluginClassLoader("p", Map.of("org/pushserver/push/Push.class", NO_CLASS));
    assertSame(Push.class, loader.loadClass("org.pushserver.push.Push"));
  }

  @Test
  void aPluginCannotAddClassesToTheServersPackages() {
    PluginClassLoader loader =
        new PluginClassLoader("p", Map.of("org/pushserver/push/Own.class", NO_CLASS));
    assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.pushserver.push.Own"));
  }

  @Test
  void resourcesAreReadFromMemoryUntilItIsClosed() throws Exception {
    PluginClassLoader loader = new PluginClassLoader("p", Map.of("a/b.txt", NO_CLASS));
    try (InputStream in = loader.getResourceAsStream("a/b.txt")) {
      assertEquals(3, in.readAllBytes().length);
    }
    assertEquals("plugin:/a/b.txt", loader.getResource("a/b.txt").toString());
    loader.close();
    assertNull(loader.getResource("a/b.txt"));
  }
}
