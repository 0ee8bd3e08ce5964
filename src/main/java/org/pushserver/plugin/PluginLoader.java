// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Reason;

/**
 * Finds application types and push services, again and again while the server runs. Worker threads,
 * one at a time: it reads files, and compiles.
 */
public final class PluginLoader {
  private final ClassLoader classPath;
  private final SourceCompiler compiler;

  /** Those that are built in; null before the first time. */
  private Plugins builtIn;

  private Map<Path, Plugin> latest = Map.of();

  /** Of all that {@link ServiceLoader} finds on the class path. */
  public PluginLoader() {
    this(PluginLoader.class.getClassLoader(), ToolProvider::getSystemJavaCompiler);
  }

  /**
   * Of all that {@link ServiceLoader} finds.
   *
   * @param classPath where it looks for what is built in
   */
  public PluginLoader(ClassLoader classPath) {
    this(classPath, ToolProvider::getSystemJavaCompiler);
  }

  /**
   * @param compiler asked when there is something to compile; gives null when this Java runtime has
   *     none
   */
  PluginLoader(ClassLoader classPath, Supplier<JavaCompiler> compiler) {
    this.classPath = classPath;
    this.compiler = new SourceCompiler(compiler);
  }

  /** Only once: what an application is made from tells whether it is as before. */
  private Plugins builtIn() {
    if (builtIn == null) {
      builtIn =
          new Plugins(
              onClassPath(ApplicationType.class),
              onClassPath(PushServiceProvider.class),
              List.of(),
              List.of());
    }
    return builtIn;
  }

  private <T> List<T> onClassPath(Class<T> service) {
    return ServiceLoader.load(service, classPath).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /**
   * Loads the plugins for some applications. A file with the same content as at the last time gives
   * the same instances, as long as what was returned then has not been released. When the built-in
   * ones are all that the applications name, no plugin is loaded: compiling costs a start more than
   * everything else. Blocks.
   *
   * @param typeNames the application types that they name, in lower case
   * @param platforms the push services that they name, by any name, in lower case
   * @param applicationsDir custom application types; need not exist
   * @param pnsDir custom push services; need not exist. In truth either may be in either
   * @return to be released when the applications that were made from it have ended
   */
  public synchronized Plugins load(
      Collection<String> typeNames,
      Collection<String> platforms,
      Path applicationsDir,
      Path pnsDir) {
    List<Problem> problems = new ArrayList<>();
    Map<Path, Plugin> found = new LinkedHashMap<>();
    boolean wanted =
        !typeNames.stream().allMatch(name -> builtIn().type(name).isPresent())
            || !platforms.stream().allMatch(name -> builtIn().provider(name).isPresent());
    if (wanted) {
      for (Path folder : List.of(applicationsDir, pnsDir)) {
        for (Path file : files(folder, problems::add)) {
          found.computeIfAbsent(file, this::load);
        }
      }
    }
    if (wanted) {
      // A section that is wrong for a while must not cost its plugin.
      latest = found;
    }
    return new Plugins(
        builtIn().types(), builtIn().providers(), List.copyOf(found.values()), problems);
  }

  /** The jars and source files in a folder, by name. */
  private static List<Path> files(Path folder, Consumer<Problem> problems) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> visible =
          entries
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      visible.stream()
          .filter(file -> name(file).endsWith(".py") && !name(file).startsWith("__"))
          .forEach(
              file ->
                  problems.accept(
                      problem(
                          file,
                          "is a plugin for Sylk Pushserver, in Python; write it again as Java, or as"
                              + " a template")));
      return visible.stream()
          .filter(file -> name(file).endsWith(".java") || name(file).endsWith(".jar"))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      problems.accept(problem(folder, "cannot be read (" + Reason.of(e) + ")"));
      return List.of();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static Problem problem(Path file, String message) {
    return new Problem(Severity.WARNING, file.toString(), "", "", message);
  }

  private Plugin load(Path file) {
    byte[] content;
    try {
      if (Files.size(file) > JarFiles.LIMIT) {
        return Plugin.failed(file, "", "has more than " + JarFiles.LIMIT + " bytes");
      }
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      return Plugin.failed(file, "", "cannot be read (" + Reason.of(e) + ")");
    }
    String digest = digest(content);
    Plugin before = latest.get(file);
    if (before != null && before.isOf(digest) && before.hold()) {
      return before;
    }
    return Plugin.load(file, content, digest, compiler);
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
