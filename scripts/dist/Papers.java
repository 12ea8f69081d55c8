import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The papers of a release: what is in it (CycloneDX, https://cyclonedx.org/docs/1.6/json/) and the licences that the
 * authors of its libraries pack. Run by scripts/dist.sh in the root of the repository: {@code java -cp jackson-*.jar
 * scripts/dist/Papers.java DISTRIBUTION TREE}. Fails where a library is in the release and in no list.
 */
final class Papers {
  /** What authors call such files, in the root of a jar or in META-INF. */
  private static final Pattern LICENCE =
      Pattern.compile("(META-INF/)?((LICEN[SC]E|NOTICE|COPYING|DEPENDENCIES)[^/]*|licen[sc]es?/[^/]+)", Pattern.CASE_INSENSITIVE);

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Papers() {}

  public static void main(String[] args) throws Exception {
    Path distribution = Path.of(args[0]);
    Path tree = Path.of(args[1]);
    List<Path> jars = new ArrayList<>();
    for (String folder : List.of("modules", "reader")) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(distribution.resolve(folder), "*.jar")) {
        files.forEach(jars::add);
      }
    }
    for (Path jar : jars) {
      copyLicences(jar, tree.resolve("licences"));
    }
    Files.writeString(
        tree.resolve("sbom.cdx.json"), JSON.writeValueAsString(bom(jars, tree)) + "\n", StandardCharsets.UTF_8);
  }

  private static void copyLicences(Path jar, Path licences) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().toList()) {
        if (entry.isDirectory() || !LICENCE.matcher(entry.getName()).matches()) {
          continue;
        }
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        Path folder = licences.resolve(jar.getFileName().toString().replaceFirst("\\.jar$", ""));
        Files.createDirectories(folder);
        try (var in = file.getInputStream(entry)) {
          Files.write(folder.resolve(name), in.readAllBytes());
        }
      }
    }
  }

  /** That of the program, with the components that only that of the reader has, and with what Maven knows nothing of. */
  private static ObjectNode bom(List<Path> jars, Path tree) throws Exception {
    ObjectNode bom = (ObjectNode) JSON.readTree(Files.readString(Path.of("app/target/bom.json")));
    ObjectNode reader = (ObjectNode) JSON.readTree(Files.readString(Path.of("reader/target/bom.json")));
    Map<String, ObjectNode> components = new TreeMap<>();
    List<ObjectNode> own = List.of((ObjectNode) reader.get("metadata").get("component"));
    own.forEach(each -> components.put(each.get("bom-ref").asString(), each));
    for (ObjectNode each : List.of(bom, reader)) {
      each.get("components").forEach(part -> components.put(part.get("bom-ref").asString(), (ObjectNode) part));
    }
    for (ObjectNode each : more(tree)) {
      components.put(each.get("bom-ref").asString(), each);
    }
    ObjectNode main = (ObjectNode) bom.get("metadata").get("component");
    for (Path jar : jars) {
      String name = jar.getFileName().toString();
      boolean listed =
          components.values().stream().anyMatch(part -> isOf(part, name)) || isOf(main, name);
      if (!listed) {
        throw new IllegalStateException(name + " is in the release, and in no list of what is in it");
      }
    }
    bom.set("components", JSON.createArrayNode().addAll(components.values()));
    Map<String, ObjectNode> edges = new TreeMap<>();
    for (ObjectNode each : List.of(bom, reader)) {
      each.get("dependencies").forEach(edge -> edges.put(edge.get("ref").asString(), (ObjectNode) edge));
    }
    bom.set("dependencies", JSON.createArrayNode().addAll(edges.values()));
    return bom;
  }

  private static boolean isOf(ObjectNode part, String jar) {
    return jar.equals(part.get("name").asString() + "-" + part.get("version").asString() + ".jar");
  }

  private static List<ObjectNode> more(Path tree) throws Exception {
    List<ObjectNode> more = new ArrayList<>(ofPages());
    var release = new Properties();
    try (var in = Files.newBufferedReader(tree.resolve("lib/runtime/release"))) {
      release.load(in);
    }
    String version = unquoted(release.getProperty("JAVA_RUNTIME_VERSION", release.getProperty("JAVA_VERSION")));
    ObjectNode java = component("platform", "openjdk", version, "pkg:generic/openjdk@" + version.replace("+", "%2B"));
    java.put("description", "The Java that runs all of it; " + unquoted(release.getProperty("IMPLEMENTOR", "of an unnamed builder")));
    java.set("licenses", licence("GPL-2.0-only WITH Classpath-exception-2.0"));
    more.add(java);
    Path guide = tree.resolve("models/solebox-guide.gguf");
    ObjectNode model = component("machine-learning-model", "solebox-guide", "1", "pkg:generic/solebox-guide@1");
    model.set("licenses", licence("Apache-2.0"));
    model
        .putArray("hashes")
        .addObject()
        .put("alg", "SHA-256")
        .put("content", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(guide))));
    more.add(model);
    return more;
  }

  private static String unquoted(String value) {
    return value.replace("\"", "");
  }

  private static ObjectNode component(String type, String name, String version, String purl) {
    return JSON.createObjectNode()
        .put("type", type)
        .put("bom-ref", purl)
        .put("name", name)
        .put("version", version)
        .put("purl", purl);
  }

  private static ArrayNode licence(String expression) {
    ArrayNode licences = JSON.createArrayNode();
    licences.addObject().put("expression", expression);
    return licences;
  }

  /** What pages run, which the server's POM unpacks from jars into its own. */
  private static List<ObjectNode> ofPages() throws Exception {
    Document parent = xml(Path.of("pom.xml"));
    List<ObjectNode> found = new ArrayList<>();
    NodeList items = xml(Path.of("server/pom.xml")).getElementsByTagName("artifactItem");
    for (int i = 0; i < items.getLength(); i++) {
      var item = (Element) items.item(i);
      String group = resolved(text(item, "groupId"), parent);
      String name = resolved(text(item, "artifactId"), parent);
      String version = resolved(text(item, "version"), parent);
      found.add(component("library", name, version, "pkg:maven/" + group.replace("@", "%40") + "/" + name + "@" + version));
    }
    if (found.isEmpty()) {
      throw new IllegalStateException("server/pom.xml says nothing of what pages run");
    }
    return found;
  }

  private static Document xml(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static String text(Element element, String name) {
    return element.getElementsByTagName(name).item(0).getTextContent().strip();
  }

  private static String resolved(String value, Document parent) {
    Matcher property = Pattern.compile("\\$\\{(.+)}").matcher(value);
    if (!property.matches()) {
      return value;
    }
    Node found = parent.getElementsByTagName(property.group(1)).item(0);
    if (found == null) {
      throw new IllegalStateException("pom.xml does not say " + value);
    }
    return found.getTextContent().strip();
  }
}
