package io.solebox.reader;

import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** XML without document types, so without entities that grow or that are fetched from elsewhere. */
final class SafeXml {
  private SafeXml() {}

  /** What hears of elements and text. Names are local: without a prefix. */
  interface Handler {
    void start(String name, Attributes attributes) throws Refusal;

    void text(String text) throws Refusal;

    void end(String name) throws Refusal;
  }

  /**
   * @throws IOException if it is no XML
   */
  static void read(InputStream xml, Handler handler) throws IOException, Refusal {
    try {
      XMLStreamReader reader = factory().createXMLStreamReader(xml);
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamReader.START_ELEMENT ->
              handler.start(reader.getLocalName(), new Attributes(reader));
          case XMLStreamReader.END_ELEMENT -> handler.end(reader.getLocalName());
          case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA, XMLStreamReader.SPACE ->
              handler.text(reader.getText());
          case XMLStreamReader.ENTITY_REFERENCE ->
              throw new IOException(
                  "it uses an entity of its own, &" + reader.getLocalName() + ";");
          default -> {
            // comments and instructions
          }
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Those of the element that starts. */
  record Attributes(XMLStreamReader at) {
    /** The value of one, whatever its prefix; empty where there is none. */
    String of(String name) {
      for (int i = 0; i < at.getAttributeCount(); i++) {
        if (at.getAttributeLocalName(i).equals(name)) {
          return at.getAttributeValue(i);
        }
      }
      return "";
    }

    /** As {@link #of}, of those whose namespace has such a part. */
    String of(String name, String namespace) {
      for (int i = 0; i < at.getAttributeCount(); i++) {
        String space = at.getAttributeNamespace(i);
        if (at.getAttributeLocalName(i).equals(name)
            && space != null
            && space.contains(namespace)) {
          return at.getAttributeValue(i);
        }
      }
      return "";
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setXMLResolver(
        (_, system, _, _) -> {
          throw new XMLStreamException("it asks for " + system);
        });
    return factory;
  }
}
