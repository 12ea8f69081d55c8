package io.solebox.app.document;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.app.session.InstalledReader;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.documents.DocumentReader;
import io.solebox.server.documents.DocumentText;
import io.solebox.server.documents.Place;
import io.solebox.server.documents.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what is read in a document, as a collection of documents would read it. */
@Command(
    name = "document",
    description = "Print the text of a document, as a server would read it, with its pages.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DocumentCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "1",
      paramLabel = "FILE",
      description =
          "PDF, DOCX, XLSX, PPTX, ODT, RTF, EPUB, an e-mail (EML), HTML, Markdown, CSV, text or"
              + " source code.")
  private Path file;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  public DocumentCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    String name = String.valueOf(file.getFileName());
    DocumentText text = read(name);
    if (json) {
      console.println(Json.text(fields(name, text)));
      return 0;
    }
    for (Section section : text.sections()) {
      String place = shown(section.place());
      if (!place.isEmpty()) {
        console.printFaint(place + "\n");
      }
      console.println(section.text().stripTrailing());
      console.println("");
    }
    text.notes().forEach(note -> console.error("note: " + note));
    return 0;
  }

  private DocumentText read(String name) throws InterruptedException {
    try (DocumentReader reader = InstalledReader.open();
        InputStream content = Files.newInputStream(file)) {
      return reader.read(name, content);
    } catch (NoSuchFileException e) {
      throw unreadable("there is no such file", "Check the path.", e);
    } catch (IOException e) {
      throw unreadable(String.valueOf(e.getMessage()), "Check that it can be read.", e);
    }
  }

  private SoleboxException unreadable(String message, String remedy, IOException cause) {
    return new SoleboxException(ErrorCode.IO_ERROR, file.toString(), message, remedy, cause);
  }

  /** As in {@code page 3: Chapter > Part}; empty of a document that is one whole. */
  private static String shown(Place place) {
    var parts = new ArrayList<String>();
    place.page().ifPresent(page -> parts.add("page " + page));
    if (!place.headings().isEmpty()) {
      parts.add(String.join(" > ", place.headings()));
    }
    return String.join(": ", parts);
  }

  private static Map<String, Object> fields(String name, DocumentText text) {
    List<Map<String, Object>> sections = new ArrayList<>();
    for (Section section : text.sections()) {
      Map<String, Object> one = new LinkedHashMap<>();
      section.place().page().ifPresent(page -> one.put("page", page));
      one.put("headings", section.place().headings());
      one.put("text", section.text());
      sections.add(one);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("characters", text.length());
    fields.put("sections", sections);
    fields.put("notes", text.notes());
    return fields;
  }
}
