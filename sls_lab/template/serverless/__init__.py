"""The Serverless Framework's dialect: `serverless.yml` read into the parts of a template."""
