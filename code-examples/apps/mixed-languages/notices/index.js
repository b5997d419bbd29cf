"use strict";

exports.handler = async (event) => {
  for (const record of event.Records) {
    console.log(`a parcel for ${JSON.parse(record.body).address}`);
  }
};
