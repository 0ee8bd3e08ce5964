// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Reason;

/**
 * One jar or source file as it was when it was loaded: what is in it, or why it could not be
 * loaded. It is closed when the last that holds it releases it. Any thread.
 */
final class Plugin {
  private static final String SOURCE = ".java";

  private final Path file;
  private final String digest;
  private final String failure;

  private int holders = 1;
  private PluginClassLoader loader;
  private List<ApplicationType> types = List.of();
  private List<PushServiceProvider> providers = List.of();

  private Plugin(Path file, String digest, String failure) {
    this.file = file;
    this.digest = digest;
    this.failure = failure;
  }

  /** Loads a file; one that does not load comes back with a {@link #problem}. */
  static Plugin load(Path file, byte[] content, String digest, SourceCompiler compiler) {
    PluginClassLoader loader = null;
    try {
      Map<String, byte[]> files =
          isSource(file) ? compiler.compile(file, content) : JarFiles.read(file);
      loader = new PluginClassLoader(file.getFileName().toString(), files);
      Plugin plugin = new Plugin(file, digest, null);
      plugin.loader = loader;
      plugin.take(isSource(file) ? List.of(mainClass(file, files, loader)) : services(loader));
      return plugin;
    } catch (PluginException e) {
      return failed(file, digest, e.getMessage());
    } catch (RuntimeException | Error e) {
      // Whatever goes wrong in a stranger's class while it is loaded, its constructors included.
      return failed(file, digest, "fails while it is loaded: " + Reason.of(e));
    }
  }

  static Plugin failed(Path file, String digest, String failure) {
    return new Plugin(file, digest, failure);
  }

  private static boolean isSource(Path file) {
    return file.getFileName().toString().endsWith(SOURCE);
  }

  private static Object mainClass(Path file, Map<String, byte[]> files, ClassLoader loader)
      throws PluginException {
    String fileName = file.getFileName().toString();
    String simpleName = fileName.substring(0, fileName.length() - SOURCE.length());
    String name =
        files.keySet().stream()
            .filter(one -> one.substring(one.lastIndexOf('/') + 1).equals(simpleName + ".class"))
            .findFirst()
            .map(one -> one.substring(0, one.length() - ".class".length()).replace('/', '.'))
            .orElseThrow(() -> new PluginException("has no public class " + simpleName));
    try {
      return loader.loadClass(name).getConstructor().newInstance();
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw new PluginException(
          "the class "
              + name
              + " must be public and not abstract, with a public constructor without arguments");
    } catch (ReflectiveOperationException e) {
      throw new PluginException(
          "the class " + name + " fails", e.getCause() == null ? e : e.getCause());
    }
  }

  private static List<Object> services(PluginClassLoader loader) {
    List<Object> found = new ArrayList<>();
    for (Class<?> service : List.of(ApplicationType.class, PushServiceProvider.class)) {
      ServiceLoader.load(service, loader).stream()
          .filter(one -> one.type().getClassLoader() == loader)
          .forEach(one -> found.add(one.get()));
    }
    return found;
  }

  private void take(List<Object> found) throws PluginException {
    types =
        found.stream()
            .filter(ApplicationType.class::isInstance)
            .<ApplicationType>map(one -> new CustomType((ApplicationType) one))
            .toList();
    providers =
        found.stream()
            .filter(PushServiceProvider.class::isInstance)
            .<PushServiceProvider>map(one -> new CustomProvider((PushServiceProvider) one))
            .toList();
    if (types.isEmpty() && providers.isEmpty()) {
      throw new PluginException(
          isSource(file)
              ? "its public class implements neither ApplicationType nor PushServiceProvider"
              : "names neither an ApplicationType nor a PushServiceProvider of its own in"
                  + " META-INF/services");
    }
  }

  Path file() {
    return file;
  }

  /** Whether this is what loading a file with this content would come to. */
  boolean isOf(String otherDigest) {
    return digest.equals(otherDigest);
  }

  /** Why it could not be loaded; it stops nothing but the applications that need it. */
  Optional<Problem> problem() {
    return Optional.ofNullable(failure)
        .map(why -> new Problem(Severity.WARNING, file.toString(), "", "", why));
  }

  synchronized List<ApplicationType> types() {
    return types;
  }

  synchronized List<PushServiceProvider> providers() {
    return providers;
  }

  /** Holds it once more; false when it has been closed. */
  synchronized boolean hold() {
    if (holders == 0) {
      return false;
    }
    holders++;
    return true;
  }

  /** Releases what was held once. */
  synchronized void release() {
    holders--;
    if (holders == 0 && loader != null) {
      loader.close();
      loader = null;
      types = List.of();
      providers = List.of();
    }
  }
}
