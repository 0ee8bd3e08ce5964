// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.push.Event;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.SamplePush;

/** What a plugin brought into memory goes with it. */
class PluginLeakTest {
  private static final long PATIENCE_MS = 20_000;

  @TempDir Path dir;

  private final PluginLoader loader = new PluginLoader();
  private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();
  private final Set<WeakReference<ClassLoader>> loaders = new HashSet<>();

  /** Loads and uses it, and notes its class loader. */
  private Plugins load(String name) {
    Plugins plugins = loader.load(PluginFiles.custom(), List.of(), dir, dir);
    assertEquals(List.of(), plugins.problems());
    ApplicationType type = plugins.types().get(3);
    assertEquals(name, type.name());
    PayloadMaker maker = type.payloadMaker("any").orElseThrow();
    assertEquals(name, maker.make(SamplePush.of(Event.MESSAGE).push(), 0).body().toString());
    ClassLoader own = ((CustomType) type).custom().getClass().getClassLoader();
    loaders.add(new WeakReference<>(own, gone));
    return plugins;
  }

  /** Waits until no more than so many of the class loaders are left, or has no more patience. */
  private int left(int expected) throws InterruptedException {
    int left = loaders.size();
    long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
    while (left > expected && System.nanoTime() < end) {
      System.gc();
      while (gone.remove(100) != null) {
        left--;
      }
    }
    return left;
  }

  @Test
  void aJarThatIsReplacedTwoHundredTimesLeavesOneClassLoader() throws Exception {
    Map<String, byte[]> files = new TreeMap<>(PluginFiles.jarOfType("Doorbell", "doorbell"));
    Plugins current = null;
    for (int i = 0; i < 200; i++) {
      files.put("version.txt", Integer.toString(i).getBytes(UTF_8));
      PluginFiles.writeJar(dir.resolve("door.jar"), files);
      Plugins next = load("doorbell");
      if (current != null) {
        current.release();
      }
      current = next;
    }
    assertEquals(200, loaders.size());
    assertEquals(1, left(1));
    assertEquals("doorbell", current.types().get(3).name());
  }

  /** The compiler keeps nothing of what it has compiled. */
  @Test
  void aSourceThatIsReplacedLeavesOneClassLoader() throws Exception {
    List<Plugins> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Files.writeString(
          dir.resolve("Doorbell.java"), PluginFiles.type("Doorbell", "doorbell-" + i));
      all.add(load("doorbell-" + i));
    }
    Plugins last = all.remove(19);
    all.forEach(Plugins::release);
    all.clear();
    assertEquals(1, left(1));
    assertEquals("doorbell-19", last.types().get(3).name());
  }
}
