// SPDX-License-Identifier: GPL-3.0-or-later
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.pushserver.Main;
import org.pushserver.client.PushCommand;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes what the Debian packages have and the repository has not: man pages and completion from
 * the options of the commands, the configuration as it is installed, the pages with links to where
 * the package has the samples, Debian's changelog. The build runs it with the server's jar: {@code
 * java -cp JAR src/deb/PackageFiles.java VERSION TIME FOLDER}.
 *
 * <p>The same arguments make the same bytes.
 */
public final class PackageFiles {
  private static final Path DOCS = Path.of("src/docs");

  /** A link to a sample of the repository: what it shows, and which file below conf. */
  private static final Pattern SAMPLE =
      Pattern.compile("\\[([^\\]]*)\\]\\((?:\\.\\./)+conf(?:/([^)]*))?\\)");

  private static final String MAINTAINER = "Pushserver <maintainers@pushserver.org>";

  private static final int CHANGELOG_WIDTH = 79;
  private static final DateTimeFormatter CHANGELOG_TIME =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT);
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

  private final String version;
  private final ZonedDateTime time;
  private final Path folder;

  private PackageFiles(String version, ZonedDateTime time, Path folder) {
    this.version = version;
    this.time = time;
    this.folder = folder;
  }

  /**
   * Writes all of them.
   *
   * @param arguments version in pom.xml, time of the build as in {@code 2026-11-23T00:00:00Z},
   *     folder to write to
   */
  public static void main(String[] arguments) throws IOException {
    Locale.setDefault(Locale.ROOT);
    new PackageFiles(
            arguments[0], Instant.parse(arguments[1]).atZone(ZoneOffset.UTC), Path.of(arguments[2]))
        .write();
  }

  private void write() throws IOException {
    CommandLine server = new CommandLine(new Main());
    CommandLine client = new CommandLine(new PushCommand()).setCommandName("pushclient");
    manual(server);
    manual(client);
    for (CommandLine command : server.getSubcommands().values()) {
      CommandSpec spec = command.getCommandSpec();
      if (!spec.usageMessage().hidden() && !spec.name().equals("help")) {
        manual(command);
      }
    }
    text("version", version + "\n");
    text("completion/pushserver", completion("pushserver", server));
    text("completion/pushclient", completion("pushclient", client));
    gzip("changelog.gz", changelog(lines("src/docs/changelog.md")));

    gzip("man/pushclient-v2.1.gz", Files.readString(Path.of("src/deb/pushserver/pushclient-v2.1")));
    gzip(
        "sylk/man/sylk-pushserver.1.gz",
        Files.readString(Path.of("src/deb/pushserver-sylk/sylk-pushserver.1")));
    text("etc/general.ini", general(lines("conf/general.ini")));
    text("etc/applications.ini", applications(lines("conf/applications.ini")));
    pages();
  }

  // The pages.

  private void pages() throws IOException {
    try (Stream<Path> all = Files.walk(DOCS)) {
      for (Path page : all.filter(file -> file.toString().endsWith(".md")).sorted().toList()) {
        String text = Files.readString(page);
        text(
            "docs/" + DOCS.relativize(page),
            SAMPLE.matcher(text).replaceAll(link -> Matcher.quoteReplacement(sample(link))));
      }
    }
  }

  /** A link to a file of the repository, as one to where the package has it. */
  private static String sample(MatchResult link) {
    String file = link.group(2) == null ? "" : link.group(2);
    if (file.startsWith("container/") || file.startsWith("kubernetes")) {
      return "%s (`conf/%s` of the sources)".formatted(link.group(1), file);
    }
    String where =
        file.equals("systemd/pushserver.service")
            ? "/usr/lib/systemd/system/pushserver.service"
            : file.startsWith("templates/")
                ? "/etc/pushserver/" + file
                : "/usr/share/doc/pushserver/examples/" + file.replace("examples/", "event-bus/");
    return "[%s](%s)".formatted(link.group(1), where);
  }

  /** Bash sources it; it is no program. */
  private static String completion(String name, CommandLine command) {
    return AutoComplete.bash(name, command).replaceFirst("^#!.*\n", "");
  }

  // Man pages.

  private void manual(CommandLine command) throws IOException {
    String name = command.getCommandSpec().qualifiedName("-");
    gzip("man/" + name + ".1.gz", new ManPage(command, time).text());
  }

  /** One man page, of what a command says of itself. */
  private static final class ManPage {
    private final CommandLine command;
    private final CommandSpec spec;
    private final ZonedDateTime time;
    private final StringBuilder out = new StringBuilder();

    ManPage(CommandLine command, ZonedDateTime time) {
      this.command = command;
      this.spec = command.getCommandSpec();
      this.time = time;
    }

    String text() {
      String name = spec.qualifiedName("-");
      String[] description = spec.usageMessage().description();
      macro("TH", name.toUpperCase(Locale.ROOT), "1", time.toLocalDate().toString(), "Pushserver");
      macro("SH", "NAME");
      line(name + " - " + brief(description[0]));
      macro("SH", "SYNOPSIS");
      synopsis();
      macro("SH", "DESCRIPTION");
      paragraphs(description);
      commands();
      options();
      paragraphs(spec.usageMessage().footer());
      if (spec.parent() == null && spec.name().equals("pushserver")) {
        surroundings();
      }
      seeAlso();
      return out.toString();
    }

    /** For an index: one line, without a stop. */
    private static String brief(String sentence) {
      String first = plain(sentence).split("[:.,;] |[.]$", 2)[0];
      return first.substring(0, 1).toLowerCase(Locale.ROOT) + first.substring(1);
    }

    private void synopsis() {
      List<String> words = new ArrayList<>();
      words.add("\\fB" + escaped(spec.qualifiedName()) + "\\fR");
      for (OptionSpec option : shown()) {
        if (option.required()) {
          words.add(names(option, option.longestName()));
        }
      }
      words.add("[\\fIOPTION\\fR]...");
      spec.positionalParameters()
          .forEach(parameter -> words.add("[\\fI" + escaped(parameter.paramLabel()) + "\\fR]"));
      if (!command.getSubcommands().isEmpty()) {
        words.add("[\\fICOMMAND\\fR]");
      }
      out.append(String.join(" ", words)).append('\n');
    }

    private void commands() {
      if (command.getSubcommands().isEmpty()) {
        return;
      }
      macro("SH", "COMMANDS");
      command
          .getSubcommands()
          .forEach(
              (name, sub) -> {
                CommandSpec of = sub.getCommandSpec();
                if (!of.usageMessage().hidden() && !name.equals("help")) {
                  item("\\fB" + escaped(name) + "\\fR", of.usageMessage().description()[0]);
                }
              });
    }

    private void options() {
      macro("SH", "OPTIONS");
      spec.positionalParameters()
          .forEach(
              parameter ->
                  item("\\fI" + escaped(parameter.paramLabel()) + "\\fR", parameter.description()));
      for (OptionSpec option : shown()) {
        item(
            Arrays.stream(option.names())
                .map(name -> names(option, name))
                .collect(Collectors.joining(", ")),
            option.description());
      }
    }

    private List<OptionSpec> shown() {
      return spec.options().stream().filter(option -> !option.hidden()).toList();
    }

    private static String names(OptionSpec option, String name) {
      String bold = "\\fB" + escaped(name) + "\\fR";
      if (option.arity().max() == 0) {
        return bold;
      }
      String value = "\\fI" + escaped(option.paramLabel().replaceAll("^<|>$", "")) + "\\fR";
      String joint = name.startsWith("--") ? "=" : " ";
      return option.arity().min() == 0 ? bold + "[" + joint + value + "]" : bold + joint + value;
    }

    /** What is around the server once the package is installed. */
    private void surroundings() {
      macro("SH", "FILES");
      item(
          "\\fI/etc/pushserver/general.ini\\fR", "Where the server listens, who may send, limits.");
      item(
          "\\fI/etc/pushserver/applications.ini\\fR", "The mobile applications, one section each.");
      item("\\fI/etc/pushserver/credentials/\\fR", "Their keys and certificates.");
      item(
          "\\fI/etc/sylk-pushserver/\\fR",
          "Of Sylk Pushserver; read when /etc/pushserver has no application.");
      item("\\fI/etc/default/pushserver\\fR", "Options of Java for the service.");
      item(
          "\\fI/var/log/pushserver/push.log\\fR",
          "The log, with log_to_file = yes; else see journalctl -u pushserver.");
      macro("SH", "ENVIRONMENT");
      item("\\fBJAVA_HOME\\fR", "The Java to use; without it, any of 17 or newer is looked for.");
      item(
          "\\fBJAVA_OPTS\\fR, \\fBPUSHSERVER_JAVA_OPTS\\fR",
          "Options of Java, such as -Xmx512m; they win over the server's own.");
      macro("SH", "SIGNALS");
      item("\\fBHUP\\fR", "Reads the files again, at once.");
      item("\\fBTERM\\fR, \\fBINT\\fR", "Ends what was accepted, then the server.");
      macro("SH", "EXIT STATUS");
      item("0", "All is well.");
      item("1", "The configuration, or what was asked for, is wrong; the error output says what.");
      item("2", "A wrong option.");
    }

    private void seeAlso() {
      macro("SH", "SEE ALSO");
      List<String> pages = new ArrayList<>();
      CommandLine top = spec.parent() == null ? command : spec.parent().commandLine();
      if (top.getCommandName().equals("pushserver")) {
        for (CommandLine sub : top.getSubcommands().values()) {
          CommandSpec of = sub.getCommandSpec();
          if (!of.usageMessage().hidden() && !of.name().equals("help") && of != spec) {
            pages.add(of.qualifiedName("-"));
          }
        }
        pages.add("pushclient");
        pages.add("pushclient-v2");
      }
      if (spec != top.getCommandSpec() || pages.isEmpty()) {
        pages.add("pushserver");
      }
      out.append(
          pages.stream()
              .sorted()
              .map(page -> ".BR " + escaped(page) + " (1)")
              .collect(Collectors.joining(" ,\n", "", "\n")));
      paragraphs("All pages of the manual are in /usr/share/doc/pushserver.");
    }

    private void item(String term, String... description) {
      macro("TP");
      out.append(term).append('\n');
      for (String part : description) {
        line(part);
      }
    }

    private void paragraphs(String... texts) {
      for (String text : texts) {
        if (!text.isBlank()) {
          macro("PP");
          line(text);
        }
      }
    }

    private void macro(String name, String... words) {
      out.append('.').append(name);
      for (String word : words) {
        out.append(" \"").append(escaped(word)).append('"');
      }
      out.append('\n');
    }

    private void line(String text) {
      String escaped = escaped(plain(text));
      // A dot or a quote at the beginning of a line is a command to troff.
      out.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "")
          .append(escaped)
          .append('\n');
    }

    private static String plain(String text) {
      return Ansi.OFF.string(text).replace("%n", "\n").replace("%%", "%").strip();
    }

    private static String escaped(String text) {
      return text.replace("\\", "\\e").replace("-", "\\-");
    }
  }

  // The configuration.

  /** All of it a sample: an installation begins without applications. */
  private static String applications(List<String> lines) {
    StringBuilder out =
        new StringBuilder(
            """
            ; The mobile applications to send for, one section each. None is here yet: take the ; from the
            ; lines of a sample that is like yours, and put your own values in. The server notices it at
            ; once. Then ask whether all is well:
            ;   pushserver check-config --user pushserver --connect
            ;
            """);
    // The first paragraph is about copying the file.
    for (String line : lines.subList(lines.indexOf(";") + 1, lines.size())) {
      boolean live = !line.isEmpty() && !line.startsWith(";");
      out.append(installed(live ? "; " + line : line)).append('\n');
    }
    return out.toString();
  }

  private static String general(List<String> lines) {
    StringBuilder out = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith("; log_file = ")) {
        // The default is the old system's, and the service may not write there.
        out.append("log_file = /var/log/pushserver/push.log\n");
      } else {
        out.append(
                installed(
                    line.replace(
                        "Copy this file to /etc/pushserver/general.ini and change what you need.",
                        "Change what you need; the server notices it at once.")))
            .append('\n');
      }
    }
    return out.toString();
  }

  private static String installed(String line) {
    return line.replace("bin/pushserver", "pushserver")
        .replace("src/docs/", "/usr/share/doc/pushserver/");
  }

  // The changelog.

  /** In Debian's form: a paragraph for each version, that of this build at the top. */
  private String changelog(List<String> lines) {
    StringBuilder out = new StringBuilder();
    String title = null;
    String entry = "";
    for (String line : lines) {
      if (line.startsWith("## ")) {
        entry(out, entry);
        entry = "";
        end(out, title);
        String named = line.substring(3).split(" ", 2)[0];
        out.append(
            "pushserver (%s) unstable; urgency=medium%n%n"
                .formatted(title == null ? debianVersion() : named));
        title = line;
      } else if (title != null && line.startsWith("- ")) {
        entry(out, entry);
        entry = line.substring(2);
      } else if (title != null && !line.isBlank()) {
        entry += " " + line.strip();
      }
    }
    entry(out, entry);
    end(out, title);
    return out.toString();
  }

  /** As jdeb writes it: one that leads to a release comes before it, for dpkg, too. */
  private String debianVersion() {
    return version.replace("-SNAPSHOT", "~SNAPSHOT");
  }

  /** Without the links, in lines that a terminal shows whole. */
  private static void entry(StringBuilder out, String text) {
    String line = "  *";
    for (String word : text.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").split(" ")) {
      if (line.length() + 1 + word.length() > CHANGELOG_WIDTH) {
        out.append(line).append('\n');
        line = "   ";
      }
      line += " " + word;
    }
    if (!text.isEmpty()) {
      out.append(line).append('\n');
    }
  }

  private void end(StringBuilder out, String title) {
    if (title != null) {
      Matcher date = DATE.matcher(title);
      ZonedDateTime when =
          date.find() ? LocalDate.parse(date.group()).atStartOfDay(ZoneOffset.UTC) : time;
      out.append("%n -- %s  %s%n%n".formatted(MAINTAINER, CHANGELOG_TIME.format(when)));
    }
  }

  // Files.

  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(Path.of(file));
  }

  private void text(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void gzip(String name, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out =
        new GZIPOutputStream(bytes) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    byte[] packed = bytes.toByteArray();
    // Java does not say in the header that it was the best; lintian looks there.
    packed[8] = 2;
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, packed);
  }
}
