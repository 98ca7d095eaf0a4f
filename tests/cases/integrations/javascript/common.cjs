const { join } = require('path');

exports.handler = async (event) => join('common', event);
module.exports.wrapped = [(event, context, callback) => callback(null, 'wrapped')][0];
