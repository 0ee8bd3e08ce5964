// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;

/**
 * The classes and resources of one plugin, from memory, so that no file stays open and none is read
 * after it was replaced. The server's own classes come first: a plugin can add to them, but not put
 * its own in their place. Any thread.
 */
final class PluginClassLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private static final String OURS = "org.pushserver.";

  private volatile Map<String, byte[]> files;

  /**
   * @param name for stack traces
   * @param files by their names in a jar, such as {@code com/example/Doorbell.class}
   */
  PluginClassLoader(String name, Map<String, byte[]> files) {
    super(name, PluginClassLoader.class.getClassLoader());
    this.files = Map.copyOf(files);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = files.get(name.replace('.', '/') + ".class");
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    if (name.startsWith(OURS)) {
      throw new ClassNotFoundException(
          name + " is in a package of the server; give the plugin's classes another one");
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  @Override
  protected URL findResource(String name) {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      return null;
    }
    try {
      return new URL("plugin", null, -1, "/" + name, new InMemory(bytes));
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL found = findResource(name);
    return Collections.enumeration(found == null ? List.of() : List.of(found));
  }

  /** Forgets what has not been loaded yet. */
  void close() {
    files = Map.of();
  }

  private static final class InMemory extends URLStreamHandler {
    private final byte[] bytes;

    InMemory(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(bytes);
        }
      };
    }
  }
}
