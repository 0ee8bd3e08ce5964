// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles what users are shown, as they would: with all warnings, of which there must be none. */
public final class JavaSources {
  private static final List<String> OPTIONS =
      List.of(
          "-Xlint:all,-processing,-classfile,-path", "-Werror", "-proc:none", "--release", "17");

  private JavaSources() {}

  /**
   * Compiles files together.
   *
   * @param files with one public class each
   * @param classes an empty directory, for the classes
   * @return loads them
   * @throws AssertionError with what the compiler says, when it says anything
   */
  public static URLClassLoader compile(List<Path> files, Path classes) throws IOException {
    try (StandardJavaFileManager manager = compiler().getStandardFileManager(null, null, UTF_8)) {
      return compile(manager, manager.getJavaFileObjectsFromPaths(files), classes);
    }
  }

  /**
   * Compiles texts together.
   *
   * @param texts by the names of their classes
   */
  public static URLClassLoader compile(Map<String, String> texts, Path classes) throws IOException {
    try (StandardJavaFileManager manager = compiler().getStandardFileManager(null, null, UTF_8)) {
      return compile(
          manager,
          texts.entrySet().stream().map(one -> new Text(one.getKey(), one.getValue())).toList(),
          classes);
    }
  }

  private static URLClassLoader compile(
      StandardJavaFileManager manager, Iterable<? extends JavaFileObject> sources, Path classes)
      throws IOException {
    manager.setLocationFromPaths(
        StandardLocation.CLASS_OUTPUT, List.of(Files.createDirectories(classes)));
    StringWriter said = new StringWriter();
    if (!compiler().getTask(said, manager, null, OPTIONS, null, sources).call()) {
      throw new AssertionError(said);
    }
    return new URLClassLoader(
        new URL[] {classes.toUri().toURL()}, JavaSources.class.getClassLoader());
  }

  private static JavaCompiler compiler() {
    return ToolProvider.getSystemJavaCompiler();
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String name, String text) {
      super(URI.create(String.format(Locale.ROOT, "memory:///%s.java", name)), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
