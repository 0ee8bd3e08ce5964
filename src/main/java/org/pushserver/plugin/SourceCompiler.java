// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/** Compiles one source file in memory, with the JDK's compiler, against the server's classes. */
final class SourceCompiler {
  private static final int ERRORS_SHOWN = 3;

  private final Supplier<JavaCompiler> system;

  /**
   * @param system the JDK's compiler, or null when this Java runtime has none; asked once there is
   *     something to compile, since its classes cost a start
   */
  SourceCompiler(Supplier<JavaCompiler> system) {
    this.system = system;
  }

  /**
   * Compiles.
   *
   * @param file its name tells the name of its public class
   * @param source what is in it
   * @return the classes, by their names in a jar
   * @throws PluginException with the compiler's first messages
   */
  Map<String, byte[]> compile(Path file, byte[] source) throws PluginException {
    JavaCompiler compiler = system.get();
    if (compiler == null) {
      throw new PluginException(
          "cannot be compiled: this Java runtime has no compiler; run the server with a JDK, or"
              + " make the plugin a jar");
    }
    DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
    List<String> options =
        List.of("-classpath", classPath(), "-proc:none", "-implicit:none", "-nowarn");
    List<Source> sources = List.of(new Source(file, source));
    try (ClassFiles classes =
        new ClassFiles(compiler.getStandardFileManager(told, Locale.ROOT, UTF_8))) {
      if (!compiler.getTask(Writer.nullWriter(), classes, told, options, null, sources).call()) {
        throw new PluginException("does not compile: " + errors(told));
      }
      return classes.byName();
    } catch (IOException e) {
      throw new PluginException("cannot be compiled", e);
    }
  }

  /** The JVM's, and where the server's own classes are when somebody embeds it. */
  private static String classPath() {
    String own = "";
    try {
      own =
          File.pathSeparator
              + Path.of(
                  SourceCompiler.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a place of classes is a URI", e);
    }
    return System.getProperty("java.class.path") + own;
  }

  private static String errors(DiagnosticCollector<?> told) {
    return told.getDiagnostics().stream()
        .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
        .limit(ERRORS_SHOWN)
        .map(
            one ->
                "line "
                    + one.getLineNumber()
                    + ": "
                    + one.getMessage(Locale.ROOT).replaceAll("\\s+", " "))
        .collect(joining("; "));
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(Path file, byte[] source) {
      super(file.toUri(), Kind.SOURCE);
      text = new String(source, UTF_8);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class ClassFile extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ClassFile(String name) {
      super(URI.create("memory:///" + name), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }

  /** Keeps what the compiler writes. */
  private static final class ClassFiles extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ClassFile> files = new HashMap<>();

    ClassFiles(JavaFileManager standard) {
      super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      String name = className.replace('.', '/') + kind.extension;
      return files.computeIfAbsent(name, ClassFile::new);
    }

    Map<String, byte[]> byName() {
      Map<String, byte[]> classes = new HashMap<>();
      files.forEach((name, file) -> classes.put(name, file.bytes.toByteArray()));
      return classes;
    }
  }
}
