package io.solebox.server.asvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What no source of the product may call, and the few places that may, each with its reason. */
class ForbiddenCallsTest {
  /**
   * A rule.
   *
   * @param what in words
   * @param except ends of the paths of files that may
   */
  private record Rule(String what, String pattern, Set<String> except) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "starts programs",
              "\\bProcessBuilder\\b|\\.exec\\(\"",
              Set.of(
                  "documents/ReaderProcess.java", // the reader, which is given nothing
                  "wire/ProcessWire.java", // servers of tools that whoever starts the server names
                  "nvml/NvmlChild.java", // a part of this program, which may hang
                  "bundle/Bundles.java", // tar and zstd, of captures
                  "box/MachineBox.java", // tools of the system by constant names
                  "serve/ThisMachine.java", // what shuts the machine down, as its owner says
                  "host/HostTools.java", // tools of the system by constant names, as its root
                  "prove/Relaunch.java", // this program itself
                  "prove/JavaAttempts.java")), // what must fail in the air gap
          new Rule(
              "reads objects of Java",
              "\\bObjectInputStream\\b|\\bXMLDecoder\\b|\\breadUnshared\\(",
              Set.of()),
          new Rule(
              "reads XML",
              "\\bjavax\\.xml\\b|\\borg\\.w3c\\b|\\borg\\.xml\\b",
              Set.of( // in a process of its own, without document types
                  "reader/SafeXml.java", "reader/XlsxFormat.java")),
          new Rule(
              "asks directories or sends mail",
              "\\bInitialContext\\b|\\b(Dir|Ldap)Context\\b|\\bjavax\\.naming\\.directory\\b"
                  + "|\\b(javax|jakarta)\\.mail\\b|memcache",
              Set.of()),
          new Rule(
              "runs text as a program",
              "\\bScriptEngine\\b|\\bjavax\\.script\\b|\\bdefineClass\\(|\\bJavaCompiler\\b",
              Set.of()),
          new Rule(
              "writes a log by a library that reads what it writes",
              "\\borg\\.apache\\.log(ging|4j)\\b",
              Set.of()),
          new Rule("digests weakly", "\"(MD2|MD4|MD5)\"", Set.of()),
          new Rule(
              "digests with SHA-1",
              "\"SHA-?1\"",
              Set.of(
                  "transfer/Identity.java", // what Git of a hub calls a file; told, not trusted
                  "totp/Totp.java")), // RFC 6238 as apps know it: HMAC, where SHA-1 is sound
          new Rule(
              "encrypts weakly",
              "\"(DES|DESede|RC4|ARCFOUR|Blowfish|AES)\"\\s*\\)|/ECB/|PKCS1Padding",
              Set.of("seal/SecretKey.java")), // the name of the key's kind, not of a mode
          new Rule(
              "draws numbers that can be guessed",
              "\\bnew Random\\(|\\bMath\\.random\\(",
              Set.of()),
          new Rule(
              "believes every certificate or name",
              "\\bHostnameVerifier\\b|disableHostnameVerification|checkServerTrusted\\(.*\\)\\s*\\{\\s*\\}",
              Set.of()),
          new Rule(
              "asks the database in words of its own",
              "\\bcreateStatement\\(|\\bnativeSQL\\(",
              Set.of()),
          new Rule(
              "prepares statements",
              "\\bprepareStatement\\(",
              Set.of(
                  "storage/Sql.java",
                  "storage/Changes.java",
                  "storage/WordIndex.java")), // constants, in a database of its own in memory
          new Rule(
              "formats by what is no constant",
              "\\bString\\.format\\(\\s*[a-z]\\w*\\s*,|(?<![\"\\w])(?!\")\\b[a-z]\\w*\\.formatted\\(",
              Set.of( // private helpers, whose callers give constants
                  "adapter/PeftLora.java",
                  "graph/GraphBuilder.java",
                  "source/Keys.java",
                  "backend/StepCheck.java",
                  "check/GpuBarNoSpace.java",
                  "tools/ToolsApi.java")));

  @TestFactory
  List<DynamicTest> nothing() {
    return RULES.stream()
        .map(rule -> DynamicTest.dynamicTest(rule.what(), () -> check(rule)))
        .toList();
  }

  private static void check(Rule rule) {
    Pattern pattern = Pattern.compile(rule.pattern());
    Set<String> found = new TreeSet<>();
    for (Path file : Sources.JAVA) {
      String name = file.toString().replace('\\', '/');
      if (rule.except().stream().noneMatch(name::endsWith)) {
        pattern
            .matcher(Checkout.text(file))
            .results()
            .forEach(hit -> found.add(name + ": " + hit.group()));
      }
    }
    assertEquals(Set.of(), found);
  }

  /** Read once. */
  private static final class Sources {
    static final List<Path> JAVA = Checkout.files(Checkout.PRODUCT, "src/main/java", ".java");
  }

  /**
   * The frames of diagrams and of models' programs have no origin: what they make markup of or run
   * can reach nothing, and they can only be told things; a page and its own worker tell each other
   * what code has which colours. For good a browser keeps looks, the language, and which model was
   * chosen.
   */
  private static final Set<String> MEANT =
      Set.of(
          "frame/diagram.js: .innerHTML",
          "frame/diagram.js: postMessage",
          "frame/script.js: eval)(",
          "frame/script.js: postMessage",
          "text/diagram.js: postMessage",
          "tools/script.js: postMessage",
          "text/colours.js: postMessage",
          "text/colour-worker.js: postMessage",
          "base/kept.js: localStorage");

  /** Whatever a model or a person says is text on the pages, and no page keeps it for others. */
  @Test
  void pagesMakeNoMarkupOfText() {
    Pattern unsafe =
        Pattern.compile(
            "\\.(innerHTML|outerHTML)\\b|insertAdjacentHTML|document\\.(write|cookie)|\\beval\\b\\)?\\(|new"
                + " Function\\(|\\blocalStorage\\b|\\bindexedDB\\b|postMessage|javascript:"
                + "|(src|href)=\"https?:");
    Set<String> found = new TreeSet<>();
    for (String kind : List.of(".js", ".html")) {
      for (Path file : Checkout.files(Checkout.PRODUCT, "src/main/resources", kind)) {
        unsafe
            .matcher(Checkout.text(file))
            .results()
            .forEach(hit -> found.add(inFolder(file) + ": " + hit.group()));
      }
    }
    assertEquals(new TreeSet<>(MEANT), found);
  }

  /** What a stranger names becomes no member of all objects. */
  @Test
  void pagesLeavePrototypesAlone() {
    Pattern unsafe = Pattern.compile("__proto__|\\.prototype\\b|setPrototypeOf|\\.constructor\\b");
    Set<String> found = new TreeSet<>();
    for (Path file : Checkout.files(Checkout.PRODUCT, "src/main/resources", ".js")) {
      unsafe
          .matcher(Checkout.text(file))
          .results()
          .forEach(hit -> found.add(inFolder(file) + ": " + hit.group()));
    }
    assertEquals(Set.of(), found);
  }

  /** Managers of passwords know the fields, and nothing keeps anybody from pasting. */
  @Test
  void passwordsAreMaskedAndMayBePasted() {
    Pattern field = Pattern.compile("<input\\b[^>]*[Pp]assword[^>]*>");
    int fields = 0;
    Set<String> wrong = new TreeSet<>();
    for (Path file : Checkout.files(Checkout.PRODUCT, "src/main/resources", ".js")) {
      String text = Checkout.text(file);
      for (String tag : field.matcher(text).results().map(hit -> hit.group()).toList()) {
        fields++;
        if (!tag.contains("type=\"password\"")
            || !tag.matches("(?s).*autocomplete=\"(current|new)-password\".*")
            || tag.contains("@paste")
            || tag.contains("maxlength")) {
          wrong.add(inFolder(file) + ": " + tag);
        }
      }
    }
    assertEquals(Set.of(), wrong);
    assertTrue(fields >= 9, fields + " fields");
  }

  private static Path inFolder(Path file) {
    return file.subpath(file.getNameCount() - 2, file.getNameCount());
  }

  @Test
  void scriptsAndStylesStandInFilesOfTheirOwn() {
    Pattern inside = Pattern.compile("<script(?![^>]*\\bsrc=)|<style|\\bstyle=\"|\\bon[a-z]+=\"");
    Set<String> found = new TreeSet<>();
    for (Path file : Checkout.files(Checkout.PRODUCT, "src/main/resources", ".html")) {
      inside
          .matcher(Checkout.text(file))
          .results()
          .forEach(hit -> found.add(file.getFileName() + ": " + hit.group()));
    }
    assertEquals(Set.of(), found);
  }
}
