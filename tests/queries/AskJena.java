// A dataset and a folder of numbered queries in, a JSON answer beside each query out. Run by test_queries.py; one start of Java for all.

import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.query.Syntax;
import org.apache.jena.riot.RDFDataMgr;

public class AskJena {
    public static void main(String[] arguments) throws Exception {
        Dataset dataset = RDFDataMgr.loadDataset(arguments[0]);
        try (DirectoryStream<Path> queries = Files.newDirectoryStream(Path.of(arguments[1]), "*.rq")) {
            for (Path path : queries) {
                try (QueryExecution asked = QueryExecutionFactory.create(QueryFactory.create(Files.readString(path), Syntax.syntaxSPARQL_11), dataset);
                        OutputStream out = new FileOutputStream(path + ".json")) {
                    ResultSetFormatter.outputAsJSON(out, asked.execSelect());
                }
            }
        }
    }
}
